// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Serialization;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// State of a module and its file: the number of entries as LEB128, then for each its name as
        /// <see cref="BinaryWriter.Write(string)"/> writes it and the tensor as <see cref="TensorExtensionMethods"/> does.
        /// </summary>
        public partial class Module
        {
            /// <summary>Parameters, then persistent buffers, under dotted names.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var lead = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (key, parameter) in named_parameters())
                {
                    destination.TryAdd(lead + key, parameter);
                }
                foreach (var (key, buffer) in named_buffers(include_nonpersistent: false))
                {
                    destination.TryAdd(lead + key, buffer);
                }
                return destination;
            }

            /// <summary>Copies values into the entries of the same names.</summary>
            /// <returns>The names the source lacks and the names it has too many.</returns>
            /// <exception cref="InvalidOperationException">Strict, and the names differ.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var target = state_dict();
                bool Wanted(string key) => skip is null || !skip.Contains(key);
                var missing = target.Keys.Where(key => Wanted(key) && !source.ContainsKey(key)).ToList();
                var unexpected = source.Keys.Where(key => Wanted(key) && !target.ContainsKey(key)).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                {
                    throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary.");
                }
                using var ungraded = no_grad();
                foreach (var (key, value) in source)
                {
                    if (Wanted(key) && target.TryGetValue(key, out var entry))
                    {
                        entry.copy_(value);
                    }
                }
                return (missing, unexpected);
            }

            public Module save(string location, IList<string>? skip = null)
            {
                using var stream = File.Create(location);
                return save(stream, skip);
            }

            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                var entries = sd.Where(entry => skip is null || !skip.Contains(entry.Key)).ToArray();
                writer.WriteLeb128(entries.Length);
                foreach (var (key, value) in entries)
                {
                    writer.Write(key);
                    value.Save(writer);
                }
            }

            /// <exception cref="FileNotFoundException">There is no such file.</exception>
            public virtual Module load(string location, bool strict = true, IList<string>? skip = null,
                Dictionary<string, bool>? loadedParameters = null)
            {
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            public Module load(Stream stream, bool strict = true, IList<string>? skip = null,
                Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream);
                return load(reader, strict, skip, loadedParameters);
            }

            /// <summary>Reads saved values into the entries of the same names.</summary>
            /// <exception cref="ArgumentException">
            /// Strict, and the names differ; or an entry's shape or type differs.
            /// </exception>
            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null,
                Dictionary<string, bool>? loadedParameters = null)
            {
                var target = state_dict();
                var count = reader.ReadLeb128();
                if (strict && count != target.Count)
                {
                    throw new ArgumentException($"Mismatched state_dict sizes: expected {target.Count}, but found {count} entries.");
                }
                for (var i = 0; i < count; i++)
                {
                    var key = reader.ReadString();
                    var found = target.TryGetValue(key, out var entry);
                    if (!found && strict)
                    {
                        throw new ArgumentException($"Mismatched module state names: the target modules does not have a submodule or buffer named '{key}'");
                    }
                    if (found && (skip is null || !skip.Contains(key)))
                    {
                        entry!.Load(reader);
                    }
                    else
                    {
                        TensorExtensionMethods.Load(reader).Dispose();
                    }
                    loadedParameters?.Add(key, found);
                }
                return this;
            }
        }
    }
}
