#pragma once

#include <string>
#include <vector>

namespace fmri2img::models {

/// Keys that every `config.json` of transformers, or a part of it, may carry and that do not change what a model
/// computes: where the file came from, what its outputs are wrapped in, the settings of `generate` (which has its own
/// file since transformers 4.26), and how weights were once drawn.
/// Source: PretrainedConfig of transformers 4.21 to 4.50, which wrote all of them, and PreTrainedConfig of 5.24.
inline const std::vector<std::string> kInertTransformersKeys = {
    // origin
    "_attn_implementation_autoset",
    "_commit_hash",
    "_name_or_path",
    "architectures",
    "dtype",
    "torch_dtype",
    "transformers_version",
    // outputs and how they are computed
    "chunk_size_feed_forward",
    "output_attentions",
    "output_hidden_states",
    "output_scores",
    "return_dict",
    "return_dict_in_generate",
    "torchscript",
    "use_bfloat16",
    "use_cache",
    // other kinds of models
    "add_cross_attention",
    "cross_attention_hidden_size",
    "finetuning_task",
    "id2label",
    "is_encoder_decoder",
    "label2id",
    "num_labels",
    "prefix",
    "problem_type",
    "task_specific_params",
    "tf_legacy_loss",
    "tie_encoder_decoder",
    "tokenizer_class",
    // generate
    "bad_words_ids",
    "begin_suppress_tokens",
    "decoder_start_token_id",
    "diversity_penalty",
    "do_sample",
    "early_stopping",
    "encoder_no_repeat_ngram_size",
    "exponential_decay_length_penalty",
    "forced_bos_token_id",
    "forced_eos_token_id",
    "length_penalty",
    "max_length",
    "min_length",
    "no_repeat_ngram_size",
    "num_beam_groups",
    "num_beams",
    "num_return_sequences",
    "remove_invalid_values",
    "repetition_penalty",
    "suppress_tokens",
    "temperature",
    "top_k",
    "top_p",
    "typical_p",
    // initial weights
    "initializer_factor",
    "initializer_range"};

}  // namespace fmri2img::models
