#pragma once

#include <string>

#include "fmri2img/io/pickle_program.h"

namespace fmri2img::io {

/// The closed list of what a pickle may name. `module` and `name` as in the file; Python 2's and NumPy's old and new
/// module names are one. A dtype (`torch.float32`) is a PickleName, anything else allowed a ClassNode. Throws Error
/// with the name otherwise: nothing outside the list is ever looked up.
PickleNode resolve_class(std::string module, const std::string& name, const std::string& where);

/// What calling an allowed class or function with `arguments` gives; reads `program`, may add storages to it.
PickleNode call_class(PickleProgram& program,
                      const ClassNode& callee,
                      const ListNode& arguments,
                      const std::string& where);

/// Python's BUILD: sets the state of `target`. NumPy types and arrays need it; attributes of dicts, lists and tensors
/// (such as a state dict's `_metadata`) mean nothing here and are dropped.
void build_state(PickleProgram& program, NodeId target, NodeId state, const std::string& where);

/// The storage that a persistent id ("storage", class, key, device, count) names. The device is ignored.
StorageNode resolve_storage(PickleProgram& program, NodeId persistent_id, const std::string& where);

/// The items of a list or tuple node. Throws Error for anything else.
const ListNode& list_node(const PickleProgram& program, NodeId id, const std::string& where);

}  // namespace fmri2img::io
