// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>
/// Owner of one native tensor. The marshaller holds a reference for the length of every call, so neither a
/// finalizer nor another thread can free a tensor that a native call is using.
/// </summary>
internal sealed class TensorHandle : SafeHandle
{
    /// <summary>Stands for "no tensor" where an argument is optional: travels as a null pointer.</summary>
    internal static readonly TensorHandle None = new();

    public TensorHandle() : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMethods.ts_tensor_free(handle);
        return true;
    }
}

/// <summary>Owner of one native random number generator.</summary>
internal sealed class GeneratorHandle : SafeHandle
{
    /// <summary>Stands for "the default generator": travels as a null pointer.</summary>
    internal static readonly GeneratorHandle None = new();

    public GeneratorHandle() : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMethods.ts_generator_free(handle);
        return true;
    }
}
