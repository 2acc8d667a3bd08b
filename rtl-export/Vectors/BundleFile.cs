// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace RtlExport.Vectors;

/// <summary>A file of a bundle.</summary>
public sealed class BundleFile(string name, byte[] bytes)
{
    /// <summary>Path below the bundle's folder, with <c>/</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Its content.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>The content of a text file.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>A file of text.</summary>
    public static BundleFile Of(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Name and text.</summary>
    public void Deconstruct(out string name, out string text) => (name, text) = (Name, Text);
}
