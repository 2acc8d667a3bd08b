// SPDX-License-Identifier: Apache-2.0
using System.Collections;

namespace TorchSharp;

/// <summary>Named values in order of registration.</summary>
internal sealed class Registry<T> : IEnumerable<(string name, T value)>
{
    private readonly List<(string name, T value)> entries = [];

    internal bool Contains(string name) => IndexOf(name) >= 0;

    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    internal void AddNew(string name, T value, string kind)
    {
        if (Contains(name))
        {
            throw new InvalidOperationException($"{kind} {name} is already registered.");
        }
        entries.Add((name, value));
    }

    /// <summary>Replaces the value in its place, or adds it last.</summary>
    internal void Set(string name, T value)
    {
        if (IndexOf(name) is >= 0 and var index)
        {
            entries[index] = (name, value);
        }
        else
        {
            entries.Add((name, value));
        }
    }

    internal void Remove(string name) => entries.RemoveAll(entry => entry.name == name);

    public IEnumerator<(string name, T value)> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(string name) => entries.FindIndex(entry => entry.name == name);
}
