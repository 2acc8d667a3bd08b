// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Formats;

/// <summary>Formats of vectors beside the memory images, which a bundle always has.</summary>
public enum VectorFormat
{
    /// <summary>Comma-separated values: a code or a vector per line, names in the first.</summary>
    Csv,

    /// <summary>NumPy arrays.</summary>
    Npy,

    /// <summary>Arrays in C headers, for firmware.</summary>
    C,

    /// <summary>Memory initialisation files of Xilinx' block memory generator.</summary>
    Coe,
}
