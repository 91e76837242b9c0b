#!/usr/bin/env python3
"""Golden files of BLIP: transformers' own classes at small sizes, in tests/data/blip/.

    python3 tools/parity/blip.py

Where only the numbers matter the weights are drawn from a seed in the order of their names, so they are not stored: the C++ side draws the
same (tests/parity/blip/seeded_blip.h). Where the files matter they are as transformers saves them.
"""
import copy
import json
import os
import pathlib
import shutil

import numpy
import torch
import transformers
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import BertTokenizer, BlipConfig, BlipForConditionalGeneration, BlipProcessor
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

assert torch.__version__.split("+")[0] == "2.13.0", torch.__version__
assert transformers.__version__ == "5.24.0", transformers.__version__

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/data/blip"
END = 2

# vision: image, patch, width, inner width, layers, heads, activation; text: words, width, inner width, layers, heads, positions
SIZES = {
    "usual": dict(vision=(24, 8, 32, 64, 2, 4, "gelu"), text=(61, 48, 80, 2, 3, 40, "gelu")),
    "quick": dict(vision=(18, 8, 24, 40, 1, 2, "quick_gelu"), text=(23, 24, 48, 3, 2, 16, "quick_gelu")),  # a rest of the picture is cut off
    "few words": dict(vision=(16, 8, 16, 32, 1, 2, "gelu"), text=(5, 16, 32, 1, 2, 16, "gelu")),
}
RUNS = [  # options of generate, prompt
    ({}, []),
    (dict(num_beams=3), []),
    (dict(num_beams=3, max_new_tokens=7), []),
    (dict(max_new_tokens=1), []),
    (dict(num_beams=2, max_new_tokens=1), []),
    (dict(num_beams=5, length_penalty=2.0), []),
    (dict(num_beams=4, length_penalty=-1.5), []),
    (dict(num_beams=3, length_penalty=0.0), []),
    (dict(repetition_penalty=1.7), []),
    (dict(repetition_penalty=0.8, num_beams=3), []),
    (dict(num_beams=3, repetition_penalty=2.5, length_penalty=0.7), []),
    (dict(no_repeat_ngram_size=2), []),
    (dict(no_repeat_ngram_size=1, num_beams=3, max_new_tokens=10), []),
    (dict(no_repeat_ngram_size=3, num_beams=2), []),
    (dict(min_length=9), []),
    (dict(min_length=9, num_beams=3), []),
    (dict(min_new_tokens=6, num_beams=3), [4]),
    (dict(min_new_tokens=4, min_length=9), [4, 3]),
    ({}, [3, 4, 4]),
    (dict(num_beams=3), [4, 3, 1, 4]),
    (dict(num_beams=2, repetition_penalty=1.3, no_repeat_ngram_size=2, min_length=5, length_penalty=1.4), [1, 3]),
    (dict(num_beams=8), []),
    (dict(num_beams=2, max_new_tokens=38, min_new_tokens=36), []),
]


def generator(seed):
    return torch.Generator().manual_seed(seed)


def config(name):
    vision, text = SIZES[name]["vision"], SIZES[name]["text"]
    names = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
    return BlipConfig(
        vision_config=dict(zip(("image_size", "patch_size", *names, "hidden_act"), vision)),
        text_config=dict(zip(("vocab_size", *names, "max_position_embeddings", "hidden_act"), text), bos_token_id=1, sep_token_id=END, pad_token_id=0))


def draw(name, seed, end_bias=0.0):
    model = BlipForConditionalGeneration(config(name)).eval()
    draw_weights(model, seed)
    model.text_decoder.cls.predictions.bias.data[END] += end_bias
    return model


def draw_weights(model, seed):
    """Such that captions differ from picture to picture and from place to place: gains of the matrices."""
    drawn = generator(seed)
    parameters = dict(model.named_parameters())
    for key in sorted(parameters):
        value = parameters[key].data
        noise = torch.randn(value.shape, generator=drawn)
        if value.dim() == 1:
            value.copy_(noise * 0.2 if key.endswith("bias") else 1 + noise * 0.2)
        elif value.dim() == 3:
            value.copy_(noise * 0.7)
        else:
            gain = 14 if "position_embeddings" in key else 0.7 if "crossattention.output" in key else 2
            value.copy_(noise * gain / (value.numel() // value.shape[0]) ** 0.5)


def pictures(model, seed, count):
    side = model.config.vision_config.image_size
    return torch.randn(count, 3, side, side, generator=generator(seed))


def cut(tokens, prompt_length):
    for i in range(prompt_length, len(tokens)):
        if tokens[i] == END:
            return tokens[: i + 1]
    return tokens


def captions(model, pixels, prompt, options):
    ids = torch.tensor([[1, *prompt, END]] * len(pixels))
    rows = model.generate(pixels, input_ids=ids, attention_mask=torch.ones_like(ids), **options).tolist()
    return [cut(row, 1 + len(prompt)) for row in rows]


def caption_cases():
    """Runs whose tokens are the same in double precision, and for a picture alone: those that hang on the last bit say nothing."""
    cases, dropped, lengths, distinct, first = [], 0, [], set(), set()
    for name, seeds in (("usual", range(4)), ("quick", range(3)), ("few words", range(2))):
        for seed in seeds:
            end_bias = 3.0 + 0.5 * seed if name != "few words" else 0.5
            model = draw(name, seed, end_bias)
            double = copy.deepcopy(model).double()
            pixels = pictures(model, 100 + seed, 5)
            for options, prompt in RUNS:
                if name == "few words" and options.get("no_repeat_ngram_size"):
                    continue  # everything is forbidden before long
                if options.get("max_new_tokens", 0) >= SIZES[name]["text"][-2]:
                    continue
                together = captions(model, pixels, prompt, options)
                alone = captions(model, pixels[:1], prompt, options)
                if alone != together[:1] or captions(double, pixels.double(), prompt, options) != together:
                    dropped += 1
                    continue
                cases.append(dict(model=name, seed=seed, end_bias=end_bias, pictures=100 + seed, prompt=[1, *prompt], options=options, tokens=together))
                lengths += [len(tokens) for tokens in together]
                distinct |= {tuple(tokens) for tokens in together}
                first.add(len(set(map(tuple, together))))
    print(f"{len(cases)} runs, {dropped} dropped; {len(lengths)} captions, {len(distinct)} distinct, lengths {sorted(set(lengths))}; distinct in a batch: {first}")
    text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (OUT / "captions.json").write_text(f"[\n{text}\n]\n")


def forward_answers():
    tensors = {}
    for name in SIZES:
        model = draw(name, 11)
        model.config.text_config.label_smoothing = model.text_decoder.label_smoothing = 0.1
        pixels = pictures(model, 12, 3)
        ids = torch.randint(1, model.config.text_config.vocab_size, (3, 7), generator=generator(13))
        labels = ids.clone()
        labels[0, 5:] = -100
        labels[2, 3:] = -100
        out = model(pixels, input_ids=ids, labels=labels)
        out.loss.backward()
        key = name.replace(" ", "_")
        tensors |= {f"{key}.image_embeds": out.image_embeds, f"{key}.logits": out.logits, f"{key}.loss": out.loss}
        parameters = dict(model.named_parameters())
        tensors[f"{key}.gradient_norms"] = torch.stack([parameters[k].grad.norm() for k in sorted(parameters)])
    save_file({k: v.detach().contiguous() for k, v in tensors.items()}, OUT / "forward.safetensors")


WORDS = "a the of with and on in red green blue yellow dog cat house tree ball sky sand water small large ##s ##ing play stand it ' s , . - ! ? n ' t do not blurry photo ##graph ##y"


def published_config(name):
    """The keys and values of the published files of blip-image-captioning-base and -large, as transformers 4.26 wrote them."""
    common = {
        "_name_or_path": "", "add_cross_attention": False, "architectures": None, "bad_words_ids": None, "begin_suppress_tokens": None,
        "chunk_size_feed_forward": 0, "cross_attention_hidden_size": None, "decoder_start_token_id": None, "diversity_penalty": 0.0, "do_sample": False,
        "early_stopping": False, "encoder_no_repeat_ngram_size": 0, "exponential_decay_length_penalty": None, "finetuning_task": None,
        "forced_bos_token_id": None, "forced_eos_token_id": None, "hidden_act": "gelu", "id2label": {"0": "LABEL_0", "1": "LABEL_1"},
        "initializer_factor": 1.0, "initializer_range": 0.02, "is_encoder_decoder": False, "label2id": {"LABEL_0": 0, "LABEL_1": 1},
        "length_penalty": 1.0, "max_length": 20, "min_length": 0, "no_repeat_ngram_size": 0, "num_beam_groups": 1, "num_beams": 1,
        "num_return_sequences": 1, "output_attentions": False, "output_hidden_states": False, "output_scores": False, "prefix": None,
        "problem_type": None, "pruned_heads": {}, "remove_invalid_values": False, "repetition_penalty": 1.0, "return_dict": True,
        "return_dict_in_generate": False, "suppress_tokens": None, "task_specific_params": None, "temperature": 1.0, "tf_legacy_loss": False,
        "tie_encoder_decoder": False, "tie_word_embeddings": True, "tokenizer_class": None, "top_k": 50, "top_p": 1.0, "torch_dtype": None,
        "torchscript": False, "transformers_version": "4.26.0.dev0", "typical_p": 1.0, "use_bfloat16": False}
    text = common | {
        "attention_probs_dropout_prob": 0.0, "bos_token_id": 30522, "eos_token_id": 2, "hidden_dropout_prob": 0.0, "hidden_size": 768,
        "intermediate_size": 3072, "is_decoder": True, "layer_norm_eps": 1e-12, "max_position_embeddings": 512, "model_type": "blip_text_model",
        "num_attention_heads": 12, "num_hidden_layers": 12, "pad_token_id": 0, "projection_dim": 768, "sep_token_id": 102, "use_cache": True,
        "vocab_size": 30524}
    large = name == "large"
    vision = common | {
        "attention_dropout": 0.0, "bos_token_id": None, "dropout": 0.0, "eos_token_id": None, "hidden_size": 1024 if large else 768, "image_size": 384,
        "intermediate_size": 4096 if large else 3072, "is_decoder": False, "layer_norm_eps": 1e-05, "model_type": "blip_vision_model",
        "num_attention_heads": 16 if large else 12, "num_channels": 3, "num_hidden_layers": 24 if large else 12, "pad_token_id": None, "patch_size": 16,
        "projection_dim": 512, "sep_token_id": None}
    return {"_commit_hash": None, "architectures": ["BlipForConditionalGeneration"], "image_text_hidden_size": 256, "initializer_factor": 1.0,
            "logit_scale_init_value": 2.6592, "model_type": "blip", "projection_dim": 512, "text_config": text, "torch_dtype": "float32",
            "transformers_version": None, "vision_config": vision}


def patchwork(seed, height, width, scale):
    """A picture of coloured squares."""
    squares = torch.randint(0, 256, (height, width, 3), generator=generator(seed), dtype=torch.uint8)
    return squares.repeat_interleave(scale, 0).repeat_interleave(scale, 1)


PICTURES = [(21, 5, 7, 9), (22, 6, 4, 13), (23, 3, 3, 20), (24, 2, 9, 5)]


def saved_folder():
    """A folder as save_pretrained writes it, in float16, and one with the published files' layout: .bin with every tied tensor."""
    folder = OUT / "saved"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words = list(dict.fromkeys(special + WORDS.split()))
    (folder / "vocab.txt").write_text("".join(word + "\n" for word in words))
    sizes = config("usual")
    text = sizes.text_config
    text.vocab_size, text.bos_token_id, text.sep_token_id, text.pad_token_id = len(words) + 2, len(words), words.index("[SEP]"), 0  # [DEC] and [ENC] have no entry
    model = BlipForConditionalGeneration(sizes).eval()
    draw_weights(model, 32)
    model.text_decoder.cls.predictions.bias.data[text.sep_token_id] += 3
    model.half().save_pretrained(folder)
    processor = BlipProcessor(BlipImageProcessorPil(size={"height": 24, "width": 24}), BertTokenizer(str(folder / "vocab.txt")))
    processor.image_processor.save_pretrained(folder)
    return folder, text, words


def saved_answers(folder, text, words):
    model = BlipForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).eval()
    processor = BlipProcessor(BlipImageProcessorPil.from_pretrained(folder), BertTokenizer.from_pretrained(folder))
    images = [Image.fromarray(patchwork(*picture).numpy()) for picture in PICTURES]
    pixels = processor(images=images, return_tensors="pt").pixel_values
    raw = torch.stack([torch.from_numpy(numpy.array(image.resize((24, 24), Image.BILINEAR))).permute(2, 0, 1) for image in images])
    answers = []
    for name, inputs in (("processor", pixels), ("raw255", raw.float())):
        for prompt in ("", "a photography of", "It's a DOG"):
            for options in ({}, dict(num_beams=3), dict(num_beams=3, max_new_tokens=9, repetition_penalty=1.5, min_length=6)):
                ids = processor.tokenizer([prompt] * len(images), return_tensors="pt")
                kwargs = dict(input_ids=ids.input_ids, attention_mask=ids.attention_mask) if prompt else {}
                rows = model.generate(inputs, **kwargs, **options).tolist()
                length = 1 if not prompt else ids.input_ids.shape[1] - 1
                ended = [row[: row.index(text.sep_token_id, length) + 1] if text.sep_token_id in row[length:] else row for row in rows]
                texts = [processor.decode(row, skip_special_tokens=True) for row in ended]
                answers.append(dict(input=name, prompt=prompt, options=options, tokens=ended, texts=texts))
    (OUT / "saved_captions.json").write_text("[\n" + ",\n".join(json.dumps(a, separators=(",", ":")) for a in answers) + "\n]\n")
    for answer in answers[:4]:
        print(answer["texts"])
    save_file({"pixels": pixels.contiguous(), "image_embeds": model.vision_model(pixels).last_hidden_state.detach().contiguous()}, OUT / "saved_answers.safetensors")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name in ("base", "large"):
        (OUT / f"{name}_config.json").write_text(json.dumps(published_config(name), indent=2) + "\n")
    forward_answers()
    with torch.no_grad():
        saved_answers(*saved_folder())
        caption_cases()
    for path in sorted(OUT.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
        print(path.relative_to(OUT), path.stat().st_size)


if __name__ == "__main__":
    os.umask(0o022)
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    main()
