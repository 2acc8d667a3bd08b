// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Tools;

/// <summary>What a bench drives.</summary>
public enum MemoryBus
{
    /// <summary>The ports of <c>accelerator</c>: bits and cycles are compared.</summary>
    Plain,

    /// <summary>The buses of <c>accelerator_axi</c>: bits are compared, and the rules of both buses.</summary>
    Axi,
}
