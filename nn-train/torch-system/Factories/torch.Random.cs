// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Uniform on [0, 1).</summary>
    public static Tensor rand(long[] size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(ts_rand(size, size.Length, (int)(dtype ?? float32), Generator.HandleOf(generator), out var r), r, requires_grad);

    public static Tensor rand(long size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand([size], dtype, device, requires_grad, generator, names);

    public static Tensor rand(long rows, long columns,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand([rows, columns], dtype, device, requires_grad, generator, names);

    public static Tensor rand(long dim0, long dim1, long dim2,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand([dim0, dim1, dim2], dtype, device, requires_grad, generator, names);

    public static Tensor rand(long dim0, long dim1, long dim2, long dim3,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand([dim0, dim1, dim2, dim3], dtype, device, requires_grad, generator, names);

    /// <summary>Standard normal.</summary>
    public static Tensor randn(long[] size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(ts_randn(size, size.Length, (int)(dtype ?? float32), Generator.HandleOf(generator), out var r), r, requires_grad);

    public static Tensor randn(long size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn([size], dtype, device, requires_grad, generator, names);

    public static Tensor randn(long rows, long columns,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn([rows, columns], dtype, device, requires_grad, generator, names);

    public static Tensor randn(long dim0, long dim1, long dim2,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn([dim0, dim1, dim2], dtype, device, requires_grad, generator, names);

    public static Tensor randn(long dim0, long dim1, long dim2, long dim3,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn([dim0, dim1, dim2, dim3], dtype, device, requires_grad, generator, names);

    /// <summary>Integers, each with equal chance, in [0, high); int64 unless given.</summary>
    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    /// <summary>Integers, each with equal chance, in [low, high); int64 unless given.</summary>
    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(
            ts_randint(low, high, size, size.Length, (int)(dtype ?? int64), Generator.HandleOf(generator), out var r),
            r,
            requires_grad);

    /// <summary>A random order of 0 … n − 1; int64 unless given.</summary>
    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null) =>
        Made(ts_randperm(n, (int)(dtype ?? int64), Generator.HandleOf(generator), out var r), r, requires_grad);
}
