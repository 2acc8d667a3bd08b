// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp.Utils
{
    /// <summary>Gives a module's field another name in <c>state_dict</c> than that of the field.</summary>
    public class ComponentNameAttribute : Attribute
    {
        public string? Name { get; set; }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A node of a network: parameters, buffers and submodules, each under a name.</summary>
            public partial class Module : IDisposable
            {
                protected string? name;

                private readonly Registry<Parameter> parametersByName = new();
                private readonly Registry<(Tensor tensor, bool persistent)> buffersByName = new();
                private readonly Registry<Module> submodules = new();
                private bool componentsRegistered;
                private bool isTraining = true;

                protected Module(string name) => this.name = name;

                /// <summary>Whether layers that behave differently in training (batch norm, dropout) are in training.</summary>
                public virtual bool training => isTraining;

                public virtual string GetName() => name ?? GetType().Name;

                public virtual void train(bool train = true)
                {
                    isTraining = train;
                    foreach (var (_, child) in submodules)
                    {
                        child.train(train);
                    }
                }

                public virtual void eval() => train(false);

                /// <summary>Drops all gradients, or sets them to zero.</summary>
                public virtual void zero_grad(bool set_to_none = true)
                {
                    foreach (var parameter in parameters())
                    {
                        using var gradient = parameter.grad;
                        if (gradient is null)
                        {
                            continue;
                        }
                        if (set_to_none)
                        {
                            parameter.grad = null;
                        }
                        else
                        {
                            gradient.zero_();
                        }
                    }
                }

                /// <summary>Parameters with dotted names, each once, in order of registration.</summary>
                public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
                {
                    var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                    var nested = recurse ? submodules.SelectMany(m => m.value.named_parameters().Select(p => ($"{m.name}.{p.name}", p.parameter))) : [];
                    return parametersByName.Concat(nested).Where(p => !p.Item2.IsInvalid && seen.Add(p.Item2)).ToArray();
                }

                public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                    named_parameters(recurse).Select(p => p.parameter);

                /// <summary>Buffers with dotted names, each once, in order of registration.</summary>
                public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
                {
                    var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                    // TorchSharp leaves out buffers that are not persistent whatever the second argument says.
                    var own = buffersByName.Where(b => b.value.persistent).Select(b => (b.name, b.value.tensor));
                    var nested = recurse
                        ? submodules.SelectMany(m => m.value.named_buffers(true, include_nonpersistent).Select(b => ($"{m.name}.{b.name}", b.buffer)))
                        : [];
                    return own.Concat(nested).Where(b => !b.Item2.IsInvalid && seen.Add(b.Item2)).ToArray();
                }

                public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                    named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

                public virtual IEnumerable<(string name, Module module)> named_children() => submodules;

                public virtual IEnumerable<Module> children() => submodules.Select(m => m.value);

                /// <summary>All modules below this one with dotted names: children first, then theirs.</summary>
                public virtual IEnumerable<(string name, Module module)> named_modules() => submodules.Concat(
                    submodules.SelectMany(m => m.value.named_modules().Select(n => ($"{m.name}.{n.name}", n.module))));

                public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

                /// <exception cref="InvalidOperationException">The name is taken.</exception>
                public virtual void register_parameter(string name, Parameter param) =>
                    parametersByName.AddNew(name, param ?? throw new ArgumentNullException(nameof(param)), "Parameter");

                /// <summary>Registers a tensor that is state but not trained; a persistent one is saved.</summary>
                /// <exception cref="InvalidOperationException">The name is taken.</exception>
                public virtual void register_buffer(string name, Tensor tensor, bool persistent = true) =>
                    buffersByName.AddNew(name, (tensor ?? throw new ArgumentNullException(nameof(tensor)), persistent), "Tensor");

                /// <exception cref="ArgumentException">The name is empty or has a dot.</exception>
                /// <exception cref="InvalidOperationException">The name is taken.</exception>
                public virtual void register_module(string name, Module submodule)
                {
                    if (submodule is null)
                    {
                        submodules.Remove(name);
                        return;
                    }
                    if (name.Length == 0 || name.Contains('.'))
                    {
                        throw new ArgumentException($"module name can't be empty or contain \".\", got: {name}");
                    }
                    submodule.RegisterComponents();
                    submodules.AddNew(name, submodule, "Sub-module");
                }

                public void add_module(string name, Module module) => register_module(name, module);

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                /// <summary>Disposes parameters, buffers and submodules.</summary>
                protected virtual void Dispose(bool disposing)
                {
                    if (!disposing)
                    {
                        return;
                    }
                    foreach (var (_, parameter) in parametersByName)
                    {
                        parameter.Dispose();
                    }
                    foreach (var (_, (buffer, _)) in buffersByName)
                    {
                        buffer.Dispose();
                    }
                    foreach (var (_, child) in submodules)
                    {
                        child.Dispose();
                    }
                }

                /// <summary>
                /// Registers every field that holds a module, parameter or tensor under the field's name, those of base
                /// classes last. A module calls it at the end of its constructor.
                /// </summary>
                protected virtual void RegisterComponents()
                {
                    if (componentsRegistered)
                    {
                        return;
                    }
                    componentsRegistered = true;
                    foreach (var field in InstanceFields())
                    {
                        var fieldName = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                        if (submodules.Contains(fieldName) || parametersByName.Contains(fieldName) || buffersByName.Contains(fieldName))
                        {
                            continue;
                        }
                        switch (field.GetValue(this))
                        {
                            case Module module:
                                register_module(fieldName, module);
                                break;
                            case Parameter parameter:
                                register_parameter(fieldName, parameter);
                                break;
                            case Tensor tensor:
                                register_buffer(fieldName, tensor);
                                break;
                        }
                    }
                }

                /// <summary>Registers or replaces a parameter; null removes it.</summary>
                protected void ConditionallyRegisterParameter(string name, Parameter? value)
                {
                    if (value is null)
                    {
                        parametersByName.Remove(name);
                    }
                    else
                    {
                        parametersByName.Set(name, value);
                    }
                }

                /// <summary>Registers or replaces a buffer; null removes it.</summary>
                protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
                {
                    if (value is null)
                    {
                        buffersByName.Remove(name);
                    }
                    else
                    {
                        buffersByName.Set(name, (value, persistent));
                    }
                }

                private IEnumerable<FieldInfo> InstanceFields()
                {
                    for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                    {
                        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                        {
                            yield return field;
                        }
                    }
                }
            }
        }
    }
}
