"""Two-way identification as MedARC's notebook computes it: numpy.corrcoef of targets and reconstructions together."""
import numpy as np

import peer

parser = peer.parser(__doc__)
parser.add_argument("--images", type=int, default=1000)
parser.add_argument("--features", type=int, default=186000)
options = parser.parse_args()

random = np.random.default_rng(1)
targets = random.standard_normal((options.images, options.features), dtype=np.float32)
made = targets + 3 * random.standard_normal((options.images, options.features), dtype=np.float32)


def identify():
    r = np.corrcoef(targets, made)[: len(targets), len(targets):]
    congruents = np.diag(r)
    return np.mean(np.sum(r < congruents, 0)) / (len(targets) - 1)


peer.measure(identify, options.repeats)
