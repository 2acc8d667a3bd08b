// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>
/// A number with its kind. The kind matters: an integer tensor times 2 stays an integer tensor, times 2.0 it becomes
/// a floating-point one.
/// </summary>
public sealed class Scalar : IDisposable
{
    internal readonly NativeScalar Value;

    private Scalar(NativeScalar value) => Value = value;

    public static implicit operator Scalar(byte value) => new(NativeScalar.Integer(value));

    public static implicit operator Scalar(sbyte value) => new(NativeScalar.Integer(value));

    public static implicit operator Scalar(short value) => new(NativeScalar.Integer(value));

    public static implicit operator Scalar(int value) => new(NativeScalar.Integer(value));

    public static implicit operator Scalar(long value) => new(NativeScalar.Integer(value));

    public static implicit operator Scalar(float value) => new(NativeScalar.Real(value));

    public static implicit operator Scalar(double value) => new(NativeScalar.Real(value));

    public static implicit operator Scalar(bool value) => new(NativeScalar.Bool(value));

    /// <summary>Nothing to free: the value lives in this object.</summary>
    public void Dispose()
    {
    }
}

/// <summary>A scalar as the native side receives it, by value; same layout as <c>Scalar</c> in torchsystem.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeScalar
{
    private const int RealKind = 0;
    private const int IntegerKind = 1;
    private const int BoolKind = 2;

    private readonly long integer;
    private readonly double real;
    private readonly int kind;

    private NativeScalar(long integer, double real, int kind) =>
        (this.integer, this.real, this.kind) = (integer, real, kind);

    internal static NativeScalar One => Integer(1);

    internal bool IsReal => kind == RealKind;

    internal static NativeScalar Real(double value) => new(0, value, RealKind);

    internal static NativeScalar Integer(long value) => new(value, 0, IntegerKind);

    internal static NativeScalar Bool(bool value) => new(value ? 1 : 0, 0, BoolKind);
}
