#!/usr/bin/env python3
"""Golden files of the tokenizers, in tests/data/text: transformers' CLIPTokenizer and BertTokenizer on 2,400 strings.

Both from their vocabularies and from what `save_pretrained` makes of them (tokenizer.json, merges as pairs); BERT's also with BLIP's own
two tokens; CLIP's also cut and padded to 77 tokens.

    python3 tools/parity/text.py [FOLDER WITH clip_bpe_simple_vocab_16e6.txt.gz AND bert_base_uncased_vocab.txt]

Two small vocabularies were trained here on the strings themselves and are committed: they are trained again only where they are missing, since
equally frequent pairs are merged in another order each time. The published vocabularies are not: with the folder given
(shared/data/vocab), their ids are written too, and the tests that use them skip where the folder is absent.
"""
import gzip
import json
import pathlib
import random
import sys
import tempfile

import tokenizers
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import AddedToken, BertTokenizer, CLIPTokenizer

assert transformers.__version__ == "5.24.0", transformers.__version__

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests/data/text"

WORDS = """a an the two small large red green blue grey yellow picture photo of under above beside near dog cat horse zebra giraffe person man woman
child car bus train airplane boat house tree grass sky water beach mountain street kitchen table plate pizza banana sitting standing riding eating
playing tennis baseball snow surfboard umbrella blurry it's don't we're they've I'm you'll he'd isn't O'Neil rock'n'roll""".split()
HARD = [
    "", " ", "\t\n \r", "a", "A", "...", "!?!?", "'s", "'S", "dog's", "DOG'S", "it''s", "'", "''ll", "we'll've", "x'd'm",
    "naïve café résumé Ångström", "nai\u0308ve cafe\u0301", "ﬁ ﬂ ﬃ ligatures", "Ǆ ǅ ǆ", "İstanbul ISPARTA ıİ", "ΣΊΣΥΦΟΣ σίσυφος ς", "straße STRASSE ẞ",
    "Żółć gęślą jaźń", "Đặng Thị Ngọc", "Привет, мир!", "ЁЛКА ёлка", "שָׁלוֹם עולם", "مرحبا بالعالم", "नमस्ते दुनिया", "ขอบคุณครับ", "ありがとう ございます", "東京タワー",
    "中文字符和English混合", "한국어 텍스트", "한국어", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟘𝟙𝟚", "①②③ ½ ¾ Ⅷ ²³", "٣٤٥ ১২৩", "😀", "👍🏽 👩‍👩‍👧‍👦 🏳️‍🌈", "🇩🇪🇯🇵", "❤️ ❤", "a\u200bb\u200cc\u200dd\ufeffe",
    "tab\tnew\nline\r\nend", "non\u00a0breaking\u2003em\u3000wide", "\u2028line\u2029paragraph\x85next\x0b\x0c", "control\x01\x07\x1b[0m", "\ufffd\ufffd", "soft\u00adhyphen",
    "\x1c\x1d\x1e\x1f between", "a\u0300\u0301\u0302\u0303b", "\u0301starts with an accent", "e\u0301\u0327", "&amp; &lt;b&gt; &#39;quoted&#39; &nbsp;", "<p>html</p>", "http://example.org/a?b=c&d=e#f",
    "user@example.com", "#hashtag @mention $12.50 50% 1,000,000 3.14e-10 0x7f", "C++ C# .NET node.js", "snake_case CamelCase kebab-case", "“curly” ‘quotes’ – — …", "¿Qué? ¡Sí!",
    "a" * 150, "ab" * 60 + " x", "word " * 120, "12345678901234567890", "0" * 80, "x" * 100, "x" * 101, "pneumonoultramicroscopicsilicovolcanoconiosis",
    "<|startoftext|>", "<|endoftext|>", "a<|endoftext|>b", "<|ENDOFTEXT|>", "!<|endoftext|>!", "<|EndOfText|>!", "!<|ENDOFTEXT|>!", "<|startoftext", "<|STARTOFTEXT|> a",
    "[CLS] a [SEP]", "[cls]", "[MASK]ed", "[UNK] [PAD]", "[DEC] a picture of", "[ENC]", "[ DEC ]", "a [SEP][SEP] b", "##ing", "play ##ing", "[", "]", "[[CLS]]",
    "\\ / | ~ ` ^ _ { } ( ) < > = + * & % $ # @", "ªº µ ¼", "K Å Ω", "ℌ ℕ", "ﷺ", "𐐀𐐁", "\U0001F9D1\u200D\U0001F680", "Zalgo: h̵̛͔e̶̛̲l̷͇̎p̶̝̔", "㍿ ㎏ ㏂", "﹏﹟", "。、「」", "！？＂＃", "ｆｕｌｌ　ｗｉｄｔｈ", "\u0378 unassigned \U000E0041 tag", "\ue000 private",
    "ǰ ẖ ŉ", "Ω ohm K kelvin", "ſ long", "ͅ iota", "‿⁀ ⁔", "﷽", "a\u061cb\u202ec", "\u180e mongolian", "\u1680 ogham",
]

# Around the last token that fits, and cuts inside a word, inside a character and among special tokens.
LONG = ["a " * n for n in range(72, 80)] + ["word " * 1000, "a" * 1000, "👩‍👩‍👧‍👦" * 40, "東京" * 60, "<|endoftext|>" * 90, "a<|startoftext|>" * 50, "horse, " * 37, "!" * 500, " " * 500]
BLIP = [
    "[DEC]", "[ENC]", "[DEC] a picture of a dog", "[ENC][DEC]", "[dec] [enc]", "[Dec]", "a[DEC]b", "[DEC", "DEC]", "[[DEC]]", "[DEC][SEP][ENC][CLS]", "##[DEC]", "play[ENC]ing",
    "[DEC]\u0301", "\u200b[ENC]\t", "[ENC]'s", "[ＤＥＣ]", "[D\u200bEC]", "café[ENC]naïve", "[DEC] " * 100, " [DEC]  [ENC] .",
]

ADDED = [
    AddedToken("<my-cat>"), AddedToken("<My-Dog>"), AddedToken("<my-cat>s"), AddedToken("<my"), AddedToken("zeb", single_word=True), AddedToken("<Raw>", normalized=False),
    AddedToken("<L>", lstrip=True), AddedToken("<R>", rstrip=True), AddedToken("Sks", normalized=False, single_word=True), AddedToken("<a  b>"), AddedToken("cafe\u0301"),
    AddedToken("東京"), AddedToken("dog's"), AddedToken("<|x|>", normalized=False, lstrip=True, rstrip=True),
]
AROUND_ADDED = [
    "", "a <my-cat> b", "a<my-cat>b", "<MY-CAT>", "<my-dog> <My-Dog>", "<my-cat>s", "<my-cat>st <my-cats>", "<my-ca", "<my-cat><my-cat>", "<|endoftext|><my-cat>", "<my-cat>'s",
    "zebra zeb x_zeb zeb.", "zeb\u0301", "Ⓐzeb", "zeb①", "٣zeb", "zeb²", "‿zeb", "\u200dzeb", "zeb\u200c", "zebⅧ", "(zeb)", "東zeb", "zeb zeb", "zebzeb", "ªzeb", "🄰zeb", "\u0903zeb",
    "zeb\u20dd", "ZEB", "<my-cat>zeb<Raw>zeb", "<Raw> <raw>", "<RAW>", "a <L>  b<l> <R>  c", "Sks sks SKS xSks Sks1 Sks.", "<a b>", "<A\t \nb>", "< a b>", "CAFÉ café cafe\u0301 cafe", "東京タワー",
    "dog's dog'S dogs", "a <|x|> b <|X|>", "<my-cat> " * 90,
]


def strings():
    drawn = random.Random(7)
    alphabet = [chr(c) for first, last in ((0x21, 0x7e), (0xa1, 0x17f), (0x370, 0x3ff), (0x400, 0x45f), (0x5d0, 0x5ea), (0x904, 0x939), (0x3041, 0x30ff),
                                           (0x4e00, 0x4eff), (0xac00, 0xacff), (0x1f600, 0x1f64f), (0x2000, 0x206f), (0x300, 0x33f)) for c in range(first, last + 1)]
    result = list(HARD)
    while len(result) < 1000:  # captions
        words = [drawn.choice(WORDS) for _ in range(drawn.randint(1, 14))]
        text = drawn.choice([" ", "  ", ", "]).join(words)
        result.append(drawn.choice([text, text.upper(), text.capitalize(), text + ".", text.title()]))
    while len(result) < 1700:  # any characters
        result.append("".join(drawn.choice(alphabet + [" "] * 60) for _ in range(drawn.randint(1, 24))))
    while len(result) < 2400:  # hard ones joined
        result.append(drawn.choice(["", " ", "-"]).join(drawn.choice(HARD)[:20] for _ in range(drawn.randint(2, 4))))
    return result


def save(name, content):
    (OUT / name).write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def train_byte_pairs(texts, folder):
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = CLIPTokenizer()._tokenizer.normalizer, CLIPTokenizer()._tokenizer.pre_tokenizer
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=700, end_of_word_suffix="</w>", show_progress=False))
    model = json.loads(tokenizer.to_str())["model"]
    merges = [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in model["merges"]]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = letters + [letter + "</w>" for letter in letters] + [a + b for a, b in merges] + ["<|startoftext|>", "<|endoftext|>"]
    tokens = list(dict.fromkeys(tokens))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(tokens)}, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text('{"model_max_length": 77, "pad_token": "<|endoftext|>"}\n')


def train_word_pieces(texts, folder):
    bert = BertTokenizer()
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = bert._tokenizer.normalizer, bert._tokenizer.pre_tokenizer
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(texts[:1200], trainers.WordPieceTrainer(vocab_size=900, special_tokens=special, limit_alphabet=400, show_progress=False))
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("".join(token + "\n" for token, _ in vocabulary), encoding="utf-8")


def clip(folder):
    return CLIPTokenizer.from_pretrained(folder)


def bert(folder):
    return BertTokenizer.from_pretrained(folder)


def published_clip(source, folder):
    merges = gzip.open(source / "clip_bpe_simple_vocab_16e6.txt.gz", "rt", encoding="utf-8").read().split("\n")[1:48895]
    printable = [*range(33, 127), *range(0xa1, 0xad), *range(0xae, 0x100)]
    letters = [chr(b) for b in printable] + [chr(256 + i) for i in range(256 - len(printable))]
    tokens = letters + [letter + "</w>" for letter in letters] + [m.replace(" ", "") for m in merges] + ["<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({t: i for i, t in enumerate(tokens)}), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    return clip(folder)


def published_bert(source, folder):
    (folder / "vocab.txt").write_bytes((source / "bert_base_uncased_vocab.txt").read_bytes())
    return bert(folder)


def ids_of(tokenizer, texts):
    return [tokenizer(text)["input_ids"] for text in texts]


def byte_pairs_decoded(texts):
    """Whole texts, and pieces that cut characters in two."""
    tokenizer = clip(OUT / "byte_pairs")
    ids = ids_of(tokenizer, texts)
    rows = ids[:1000:4] + [row[3:9] for row in ids[1000:2000:5]]
    save("byte_pairs_decoded.json", [[row, tokenizer.decode(row, skip_special_tokens=True)] for row in rows])


def save_folder(tokenizer, name, texts, expected):
    """What `save_pretrained` writes, which is tokenizer.json and its settings; read again, it must give the same ids."""
    folder = OUT / name
    tokenizer.save_pretrained(folder)
    assert sorted(p.name for p in folder.iterdir()) == ["tokenizer.json", "tokenizer_config.json"], folder
    assert ids_of(type(tokenizer).from_pretrained(folder), texts) == expected, folder


def blip(texts):
    """BLIP's tokens, added as Salesforce's init_tokenizer adds them to BERT's; in today's layout and in
    that of transformers 4."""
    tokenizer = bert(OUT / "word_pieces")
    tokenizer.add_special_tokens({"bos_token": "[DEC]"})
    tokenizer.add_special_tokens({"additional_special_tokens": ["[ENC]"]})
    texts = [text for text in texts if "[DEC]" in text or "[ENC]" in text] + BLIP
    expected = ids_of(tokenizer, texts)
    save_folder(tokenizer, "blip_saved", texts, expected)
    older = OUT / "blip_vocabulary"
    older.mkdir(exist_ok=True)
    (older / "vocab.txt").write_bytes((OUT / "word_pieces/vocab.txt").read_bytes())
    (older / "added_tokens.json").write_text(json.dumps({"[DEC]": 900, "[ENC]": 901}) + "\n")
    special = {"bos_token": "[DEC]", "additional_special_tokens": ["[ENC]"]}
    (older / "special_tokens_map.json").write_text(json.dumps(special) + "\n")
    added = {str(i): {"content": token, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
             for i, token in ((900, "[DEC]"), (901, "[ENC]"))}
    settings = {"added_tokens_decoder": added, **special, "do_lower_case": True, "tokenizer_class": "BertTokenizer"}
    (older / "tokenizer_config.json").write_text(json.dumps(settings) + "\n")
    assert ids_of(bert(older), texts) == expected
    save("blip_ids.json", [[text, ids, tokenizer.decode(ids, skip_special_tokens=True)] for text, ids in zip(texts, expected)])


def added_tokens():
    """Tokens as textual inversion adds them, in the three layouts that folders have: tokenizer.json (`save_pretrained` of transformers 5),
    added_tokens.json alone, and tokenizer_config.json with "added_tokens_decoder" (transformers 4)."""
    tokenizer = clip(OUT / "byte_pairs")
    for token in ADDED:
        tokenizer.add_tokens([token])
    ids = {token.content: i for i, token in tokenizer.added_tokens_decoder.items() if not token.special}
    first = len(json.loads((OUT / "byte_pairs/vocab.json").read_text(encoding="utf-8")))
    assert sorted(ids.values()) == list(range(first, first + len(ADDED))), ids
    drawn = random.Random(11)
    contents = [token.content for token in ADDED]
    joined = ["".join(drawn.choice([*contents, drawn.choice(contents).upper(), drawn.choice(HARD)[:8], " ", "a", drawn.choice(WORDS)])
                      for _ in range(drawn.randint(2, 6))) for _ in range(200)]
    texts = AROUND_ADDED + joined
    decoder = {str(ids[token.content]): {**token.__getstate__(), "special": False} for token in ADDED}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name in ("vocab.json", "merges.txt"):
            (folder / name).write_bytes((OUT / "byte_pairs" / name).read_bytes())
        plain = {"model_max_length": 77, "pad_token": "<|endoftext|>"}
        (folder / "tokenizer_config.json").write_text(json.dumps(plain))
        (folder / "added_tokens.json").write_text(json.dumps(ids))
        by_name = clip(folder)
        rows_by_name = ids_of(by_name, texts)
        (folder / "tokenizer_config.json").write_text(json.dumps({**plain, "added_tokens_decoder": decoder}))
        by_decoder = clip(folder)
        expected = ids_of(tokenizer, texts)
        assert ids_of(by_decoder, texts) == expected
        saved = folder / "saved"
        tokenizer.save_pretrained(saved)
        added = json.loads((saved / "tokenizer.json").read_text(encoding="utf-8"))["added_tokens"]
    rows = [{"text": text, "ids": ids_, "ids_by_name": by_name_, "decoded": tokenizer.decode(ids_, skip_special_tokens=True)}
            for text, ids_, by_name_ in zip(texts, expected, rows_by_name)]
    save("added_tokens.json", {"added_tokens": added, "added_tokens_decoder": decoder, "added_tokens.json": ids, "rows": rows})


def padded(tokenizer, texts):
    return [[text, tokenizer(text, padding="max_length", truncation=True, max_length=77)["input_ids"]] for text in texts]


def padded_byte_pairs():
    """As a text model reads them: 77 tokens. The files of Stable Diffusion 2 name "!" for padding, in one of two places that differ."""
    save("byte_pairs_padded.json", padded(clip(OUT / "byte_pairs"), HARD + LONG))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name in ("vocab.json", "merges.txt", "tokenizer_config.json"):
            (folder / name).write_bytes((OUT / "byte_pairs" / name).read_bytes())
        (folder / "special_tokens_map.json").write_text('{"pad_token": "!"}')
        save("byte_pairs_padded_by_exclamation.json", padded(clip(folder), ["", "a", "!?!?", "hello!", "a !! b", "!", "! " * 80, "word " * 80]))


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    texts = strings()
    save("strings.json", texts)
    if not (OUT / "byte_pairs/vocab.json").exists():
        train_byte_pairs(texts, OUT / "byte_pairs")
    if not (OUT / "word_pieces/vocab.txt").exists():
        train_word_pieces(texts, OUT / "word_pieces")
    pairs = clip(OUT / "byte_pairs")
    ids = ids_of(pairs, texts)
    save("byte_pairs_ids.json", ids)
    save_folder(pairs, "byte_pairs_saved", texts, ids)
    padded_byte_pairs()
    added_tokens()
    byte_pairs_decoded(texts)
    pieces = bert(OUT / "word_pieces")
    ids = ids_of(pieces, texts)
    save("word_pieces_ids.json", ids)
    save_folder(pieces, "word_pieces_saved", texts, ids)
    blip(texts)
    save("word_pieces_decoded.json", [pieces.decode(row, skip_special_tokens=True) for row in ids[:1000]])
    if len(sys.argv) > 1:
        source = pathlib.Path(sys.argv[1])
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            save("published_clip_ids.json", ids_of(published_clip(source, pathlib.Path(one)), texts))
            save("published_bert_ids.json", ids_of(published_bert(source, pathlib.Path(two)), texts))
    print("tokenizers", tokenizers.__version__, *(f"{p.name} {p.stat().st_size}" for p in sorted(OUT.iterdir()) if p.is_file()))


if __name__ == "__main__":
    main()
