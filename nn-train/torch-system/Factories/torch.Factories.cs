// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Interop;
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // Names of axes are not supported: the parameter is there because TorchSharp has it, and must stay null.

    /// <summary>Zeros; float32 unless given.</summary>
    public static Tensor zeros(long[] size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(size, 0, dtype ?? float32, device, requires_grad, names);

    public static Tensor zeros(long size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros([size], dtype, device, requires_grad, names);

    public static Tensor zeros(long rows, long columns,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros([rows, columns], dtype, device, requires_grad, names);

    public static Tensor zeros(long dim0, long dim1, long dim2,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros([dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor zeros(long dim0, long dim1, long dim2, long dim3,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros([dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    /// <summary>Ones; float32 unless given.</summary>
    public static Tensor ones(long[] size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full(size, 1, dtype ?? float32, device, requires_grad, names);

    public static Tensor ones(long size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ones([size], dtype, device, requires_grad, names);

    public static Tensor ones(long rows, long columns,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ones([rows, columns], dtype, device, requires_grad, names);

    public static Tensor ones(long dim0, long dim1, long dim2,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ones([dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor ones(long dim0, long dim1, long dim2, long dim3,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ones([dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    /// <summary>One value everywhere; without a type a real value gives float32, anything else int64.</summary>
    public static Tensor full(long[] size, Scalar value,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(ts_full(size, size.Length, value.Value, (int)(dtype ?? DefaultType(value)), out var r), r, requires_grad);

    public static Tensor full(long size, Scalar value,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full([size], value, dtype, device, requires_grad, names);

    public static Tensor full(long rows, long columns, Scalar value,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full([rows, columns], value, dtype, device, requires_grad, names);

    public static Tensor full(long dim0, long dim1, long dim2, Scalar value,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full([dim0, dim1, dim2], value, dtype, device, requires_grad, names);

    public static Tensor full(long dim0, long dim1, long dim2, long dim3, Scalar value,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full([dim0, dim1, dim2, dim3], value, dtype, device, requires_grad, names);

    /// <summary>Memory as it is found; float32 unless given.</summary>
    public static Tensor empty(long[] size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(ts_empty(size, size.Length, (int)(dtype ?? float32), out var r), r, requires_grad);

    public static Tensor empty(long size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty([size], dtype, device, requires_grad, names);

    public static Tensor empty(long rows, long columns,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty([rows, columns], dtype, device, requires_grad, names);

    public static Tensor empty(long dim0, long dim1, long dim2,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty([dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor empty(long dim0, long dim1, long dim2, long dim3,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty([dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => zeros(input.shape, dtype ?? input.dtype, device, requires_grad, names);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => ones(input.shape, dtype ?? input.dtype, device, requires_grad, names);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        full(input.shape, value, dtype ?? input.dtype, device, requires_grad, names);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => empty(input.shape, dtype ?? input.dtype, device, requires_grad, names);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false) => arange(start, stop, 1, dtype, device, requires_grad);

    /// <summary>start, start + step, … below stop; int64 when all three are integers, float32 otherwise.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false) =>
        Made(ts_arange(start.Value, stop.Value, step.Value, (int)(dtype ?? DefaultType(start, stop, step)), out var r), r, requires_grad);

    private static ScalarType DefaultType(params Scalar[] values) =>
        values.Any(value => value.Value.IsReal) ? float32 : int64;

    private static Tensor Made(int code, TensorHandle result, bool requires_grad)
    {
        var tensor = Tensor.Result(code, result);
        if (requires_grad)
        {
            tensor.requires_grad = true;
        }
        return tensor;
    }
}
