//===- Case.cpp -------------------------------------------------------------------------------===//
// A recorded call: its arguments, the call, and the comparison with what PyTorch gave.

#include "Case.h"

#include "ApiCall.h"

#include <limits>

namespace tjit::goldens {

using api::List;
using api::Results;
using api::Value;

namespace {

class Case {
public:
  Case(const File &file, const Json &golden, const std::string *histories)
      : file(file), golden(golden), histories(histories) {}
  std::string run();

private:
  struct Input {
    std::string name;
    Tensor tensor;
  };

  Tensor input(const Json &argument);
  Value value(const Json &argument);
  indexing::TensorIndex index(const Json &argument);
  Results call();
  std::string compare(const Results &results);
  std::string compareInputs();
  std::string compareGradients(const Results &results);
  std::string gradients(const std::vector<Tensor> &of, const Json &want,
                        const std::vector<Tensor> &got, bool second);
  std::string compareHistories(const Results &results);
  std::string expectError();
  std::vector<Tensor> differentiated() const;

  const File &file;
  const Json &golden;
  const std::string *histories;
  std::vector<Input> inputs; // every tensor once, in the order of the arguments
};

} // namespace

//===------------------------------------------------------------------------------------------===//
// Arguments
//===------------------------------------------------------------------------------------------===//

Tensor Case::input(const Json &argument) {
  const std::string name = argument.at("tensor");
  for (const Input &known : inputs)
    if (known.name == name)
      return known.tensor;
  Tensor tensor = makeTensor(file.tensor(name), argument.value("strides", std::vector<int64_t>()));
  if (argument.value("requires_grad", false))
    tensor = tensor.detach().requires_grad_();
  inputs.push_back({name, tensor});
  return tensor;
}

static double floatOf(const std::string &text) {
  if (text == "nan")
    return std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  return text == "-inf" ? -infinity : infinity;
}

static MemoryFormat formatOf(const std::string &name) {
  static const std::map<std::string, MemoryFormat> formats = {
      {"contiguous_format", MemoryFormat::Contiguous},
      {"preserve_format", MemoryFormat::Preserve},
      {"channels_last", MemoryFormat::ChannelsLast},
      {"channels_last_3d", MemoryFormat::ChannelsLast3d}};
  return formats.at(name);
}

Value Case::value(const Json &argument) {
  if (argument.is_null())
    return {};
  if (argument.is_boolean())
    return {argument.get<bool>()};
  if (argument.is_number_integer())
    return {argument.get<int64_t>()};
  if (argument.is_number_float())
    return {argument.get<double>()};
  if (argument.is_string())
    return {argument.get<std::string>()};
  if (argument.is_array()) {
    List list;
    for (const Json &element : argument)
      list.push_back(value(element));
    return {list};
  }
  if (argument.contains("tensor"))
    return {input(argument)};
  if (argument.contains("dtype"))
    return {dtypeOf(argument["dtype"])};
  if (argument.contains("memory_format"))
    return {formatOf(argument["memory_format"])};
  if (argument.contains("float"))
    return {floatOf(argument["float"])};
  throw Error("an argument that is not understood: " + argument.dump());
}

indexing::TensorIndex Case::index(const Json &argument) {
  if (argument.is_null())
    return indexing::None;
  if (argument.is_boolean())
    return argument.get<bool>();
  if (argument.is_number_integer())
    return argument.get<int64_t>();
  if (argument.is_array()) { // a list of integers or truth values is an index tensor
    if (!argument.empty() && argument[0].is_boolean())
      return tensor(argument.get<std::vector<bool>>());
    return tensor(argument.get<std::vector<int64_t>>());
  }
  if (argument.contains("tensor"))
    return input(argument);
  if (argument.contains("ellipsis"))
    return indexing::Ellipsis;
  std::optional<int64_t> bounds[3];
  for (size_t i = 0; i < 3; ++i)
    if (!argument.at("slice")[i].is_null())
      bounds[i] = argument["slice"][i].get<int64_t>();
  return indexing::Slice(bounds[0], bounds[1], bounds[2]);
}

Results Case::call() {
  std::string name = golden.at("fn");
  const Json &args = golden.at("args");
  if (name == "Tensor.__getitem__") { // Tensor::index, which is not in the table
    const Json &what = args[1];
    std::vector<indexing::TensorIndex> indices;
    if (what.is_object() && what.contains("tuple"))
      for (const Json &entry : what["tuple"])
        indices.push_back(index(entry));
    else
      indices.push_back(index(what));
    return {input(args[0]).index(indices)};
  }
  if (name == "Tensor.index_put_" && golden.at("kwargs").contains("accumulate")) {
    std::vector<indexing::TensorIndex> indices;
    for (const Json &entry : args[1])
      indices.push_back(index(entry));
    Tensor self = input(args[0]);
    return {self.index_put_(indices, input(args[2]), golden["kwargs"]["accumulate"].get<bool>())};
  }
  if (name == "Tensor.item")
    return {input(args[0]).item()};
  if (name == "ops.aten.slice.Tensor")
    name = "torch.slice";
  List list;
  for (const Json &argument : args)
    list.push_back(value(argument));
  std::map<std::string, Value> keywords;
  for (const auto &[key, argument] : golden.at("kwargs").items())
    keywords[key] = value(argument);
  // Pairs of lists are two parameters in C++.
  if (auto dims = keywords.find("dims"); name == "torch.tensordot" && dims != keywords.end())
    if (const List *pair = dims->second.as<List>(); pair && pair->size() == 2) {
      keywords["dims_self"] = (*pair)[0];
      keywords["dims_other"] = (*pair)[1];
      keywords.erase("dims");
    }
  return api::call(name, list, keywords);
}

//===------------------------------------------------------------------------------------------===//
// Comparison
//===------------------------------------------------------------------------------------------===//

std::string Case::compare(const Results &results) {
  const Json &outputs = golden.at("outputs");
  if (results.size() != outputs.size())
    return std::to_string(results.size()) + " results, wanted " + std::to_string(outputs.size());
  const double rtol = golden.at("rtol"), atol = golden.at("atol");
  for (size_t i = 0; i < results.size(); ++i) {
    const Json &want = outputs[i];
    const Tensor *tensor = std::get_if<Tensor>(&results[i]);
    std::string wrong;
    if (want.is_null())
      continue;
    if (want.is_string() || want.contains("shape")) {
      if (!tensor)
        wrong = "not a tensor";
      else if (want.is_string())
        wrong = difference(*tensor, file.tensor(want), rtol, atol);
      else if (tensor->sizes() != IntArrayRef(want["shape"].get<std::vector<int64_t>>()) ||
               tensor->scalar_type() != dtypeOf(want["dtype"]))
        wrong = "other sizes or dtype than " + want.dump();
    } else {
      const Scalar *number = std::get_if<Scalar>(&results[i]);
      const Json &expected = want.at("value");
      const double b = expected.is_object()    ? floatOf(expected.at("float"))
                       : expected.is_boolean() ? expected.get<bool>()
                                               : expected.get<double>();
      if (!number)
        wrong = "not a number";
      else if (number->isBoolean() != expected.is_boolean() ||
               number->isFloatingPoint() != (expected.is_number_float() || expected.is_object()))
        wrong = "another kind of number than " + expected.dump();
      else if (const double a = number->toDouble();
               !(a == b || (a != a && b != b) || std::abs(a - b) <= atol + rtol * std::abs(b)))
        wrong = std::to_string(a) + ", wanted " + expected.dump();
    }
    if (!wrong.empty())
      return "result " + std::to_string(i) + ": " + wrong;
  }
  return "";
}

std::string Case::compareInputs() {
  const Json mutated = golden.value("mutated", Json::object());
  for (const Input &known : inputs) {
    const bool changes = mutated.contains(known.name);
    const double rtol = changes ? golden.at("rtol").get<double>() : 0;
    const double atol = changes ? golden.at("atol").get<double>() : 0;
    const Stored &want = file.tensor(changes ? mutated[known.name].get<std::string>() : known.name);
    // What changes its geometry in place (squeeze_, t_) is compared as the result.
    if (!changes && known.tensor.sizes() != IntArrayRef(want.sizes))
      continue;
    const std::string wrong = difference(known.tensor, want, rtol, atol);
    if (!wrong.empty())
      return "input " + known.name + (changes ? " after the call: " : " was changed: ") + wrong;
  }
  return "";
}

std::vector<Tensor> Case::differentiated() const {
  std::vector<Tensor> list;
  for (const Input &known : inputs)
    if (known.tensor.requires_grad())
      list.push_back(known.tensor);
  return list;
}

static bool isZero(const Tensor &tensor) { return !tensor.detach().ne(0).any().item<bool>(); }

std::string Case::gradients(const std::vector<Tensor> &of, const Json &want,
                            const std::vector<Tensor> &got, bool second) {
  size_t i = 0;
  for (const Input &known : inputs) {
    if (i == of.size() || !known.tensor.is_same(of[i]))
      continue;
    const Tensor &gradient = got[i++];
    std::string wrong;
    // Whether a gradient that is constant has a gradient of zeros or none is no mathematics.
    if (second && !gradient.defined() && want.contains(known.name) &&
        isZero(makeTensor(file.tensor(want[known.name]), {})))
      continue;
    if (want.contains(known.name))
      wrong =
          difference(gradient, file.tensor(want[known.name]), golden.at("rtol"), golden.at("atol"));
    else if (gradient.defined() && !isZero(gradient))
      wrong = "not zero, but the results do not depend on it";
    if (!wrong.empty())
      return known.name + ": " + wrong;
  }
  return "";
}

/// Vector-Jacobian products, one for each input; undefined where there is none.
static std::vector<Tensor> productsOf(const std::vector<Tensor> &outputs,
                                      const std::vector<Tensor> &seeds,
                                      const std::vector<Tensor> &inputs, bool createGraph) {
  if (outputs.empty())
    return std::vector<Tensor>(inputs.size());
  return autograd::grad(outputs, inputs, seeds, createGraph, createGraph, /*allow_unused=*/true);
}

std::string Case::compareGradients(const Results &results) {
  const std::vector<Tensor> of = differentiated();
  std::vector<Tensor> outputs, seeds;
  const Json &seedNames = golden.at("grad_seed");
  for (size_t i = 0; i < results.size(); ++i)
    if (!seedNames[i].is_null()) {
      const Tensor &output = std::get<Tensor>(results[i]);
      if (!output.requires_grad())
        continue;
      outputs.push_back(output);
      seeds.push_back(makeTensor(file.tensor(seedNames[i]), {}));
    }
  const bool second = golden.contains("grad_grads");
  const std::vector<Tensor> first = productsOf(outputs, seeds, of, second);
  std::vector<Tensor> all;
  for (const Tensor &gradient : first)
    if (gradient.defined())
      all.push_back(gradient.detach());
  std::vector<Tensor> secondGradients;
  if (second) {
    std::vector<Tensor> products, secondSeeds;
    const Json &names = golden.at("grad_grad_seed");
    size_t i = 0;
    for (const Input &known : inputs) {
      if (i == of.size() || !known.tensor.is_same(of[i]))
        continue;
      const Tensor &gradient = first[i++];
      if (!names.contains(known.name) || !gradient.defined() || !gradient.requires_grad())
        continue;
      products.push_back(gradient);
      secondSeeds.push_back(makeTensor(file.tensor(names[known.name]), {}));
    }
    secondGradients = productsOf(products, secondSeeds, of, false);
    for (const Tensor &gradient : secondGradients)
      if (gradient.defined())
        all.push_back(gradient.detach());
  }
  eval(all); // together: one program
  std::string wrong = gradients(of, golden.at("grads"), first, false);
  if (!wrong.empty())
    return "gradient of " + wrong;
  if (second)
    wrong = gradients(of, golden.at("grad_grads"), secondGradients, true);
  return wrong.empty() ? "" : "second gradient of " + wrong;
}

std::string Case::compareHistories(const Results &results) {
  if (!histories)
    return "";
  std::string names;
  for (const auto &result : results)
    if (const Tensor *tensor = std::get_if<Tensor>(&result)) {
      const autograd::NodePtr history = tensor->grad_fn();
      names += (names.empty() ? "" : " ") + (history ? history->name() : "-");
    }
  return names == *histories ? "" : "history " + names + ", wanted " + *histories;
}

//===------------------------------------------------------------------------------------------===//
// Running
//===------------------------------------------------------------------------------------------===//

static void evaluate(const Results &results) {
  std::vector<Tensor> tensors;
  for (const auto &result : results)
    if (const Tensor *tensor = std::get_if<Tensor>(&result); tensor && tensor->defined())
      tensors.push_back(tensor->detach());
  eval(tensors);
}

std::string Case::expectError() {
  try {
    evaluate(call());
  } catch (const api::UnknownFunction &e) {
    return e.what();
  } catch (const std::exception &e) {
    if (std::string(e.what()).find("not implemented") != std::string::npos)
      return e.what();
    return compareInputs(); // a call that throws has changed nothing
  }
  return "did not raise; PyTorch: " + golden.at("message").get<std::string>();
}

std::string Case::run() {
  if (golden.contains("error"))
    return expectError();
  try {
    const Results results = call();
    const std::string history = compareHistories(results); // a pass drops what it has passed
    std::string wrong;
    // Gradients first: their program contains the results.
    if (golden.contains("grads"))
      wrong = compareGradients(results);
    else
      evaluate(results);
    if (std::string other = compare(results); !other.empty())
      wrong = other;
    if (wrong.empty())
      wrong = compareInputs();
    return wrong.empty() ? history : wrong;
  } catch (const std::exception &e) {
    return std::string("raised: ") + e.what();
  }
}

std::string runCase(const File &file, const Json &golden, const std::string *histories) {
  return Case(file, golden, histories).run();
}

} // namespace tjit::goldens
