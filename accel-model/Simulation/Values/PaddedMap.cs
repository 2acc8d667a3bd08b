// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>Where a layer's activations lie in its padded input: element <c>Base(pixel) + Offset(k)</c> meets weight <c>k</c> of the output channels of the first group.</summary>
internal sealed unsafe class PaddedMap(MatrixShape shape)
{
    private readonly int rows = shape.Input.Height + shape.Padding.Top + shape.Padding.Bottom;

    /// <summary>Pixels of a row.</summary>
    public int Width { get; } = shape.Input.Width + shape.Padding.Left + shape.Padding.Right;

    /// <summary>Pixels.</summary>
    public int PixelCount => checked(rows * Width);

    /// <summary>Elements.</summary>
    public int Elements => checked(PixelCount * shape.Input.Channels);

    /// <summary>First pixel of an output pixel's window.</summary>
    public int BasePixel(int pixel) => (pixel / shape.Columns * shape.Stride.Rows * Width) + (pixel % shape.Columns * shape.Stride.Columns);

    /// <summary>First element of an output pixel's window.</summary>
    public int Base(int pixel) => BasePixel(pixel) * shape.Input.Channels;

    /// <summary>Pixel of a kernel offset (kernel row * kernel columns + kernel column), from the window's first.</summary>
    public int OffsetPixel(int tap) => (tap / shape.KernelColumns * shape.Dilation.Rows * Width) + (tap % shape.KernelColumns * shape.Dilation.Columns);

    /// <summary>Element of weight <paramref name="k"/>, from the window's first.</summary>
    public int Offset(int k) => (OffsetPixel(k / shape.GroupInputs) * shape.Input.Channels) + (k % shape.GroupInputs);

    /// <summary>Fills all of a padded input with the operand of the padding code.</summary>
    public void FillBorder<T>(T* padded, OperandOfCode form)
        where T : unmanaged, IBinaryInteger<T> =>
        new Span<T>(padded, Elements).Fill(T.CreateTruncating(form.Of(shape.PaddingCode)));

    /// <summary>Fills the inside of a padded input with the operands of an image.</summary>
    public void FillInside<T>(int* codes, T* padded, OperandOfCode form)
        where T : unmanaged, IBinaryInteger<T>
    {
        int channels = shape.Input.Channels;
        if (Width == shape.Input.Width)
        {
            OperandConversion.Run(codes, padded + ((nint)shape.Padding.Top * Width * channels), shape.Input.Elements, form);
            return;
        }
        for (int y = 0; y < shape.Input.Height; y++)
        {
            T* row = padded + ((((nint)(y + shape.Padding.Top) * Width) + shape.Padding.Left) * channels);
            OperandConversion.Run(codes + ((nint)y * shape.Input.Width * channels), row, shape.Input.Width * channels, form);
        }
    }
}
