// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation;

/// <summary>Where a layer's activations lie in its padded input: element <c>Base(pixel) + Offset(k)</c> meets weight <c>k</c> of every output channel.</summary>
internal sealed unsafe class FastEngineGeometry(MatrixLayer layer)
{
    private readonly int rows = layer.Input.Height + layer.Padding.Top + layer.Padding.Bottom;
    private readonly int columns = layer.Input.Width + layer.Padding.Left + layer.Padding.Right;

    /// <summary>Elements of the padded input.</summary>
    public int Elements => checked(rows * columns * layer.Input.Channels);

    /// <summary>Pixels of the un-pooled output.</summary>
    public int Pixels => layer.ConvRows * layer.ConvColumns;

    /// <summary>First element of an output pixel's window.</summary>
    public int Base(int pixel)
    {
        int y = pixel / layer.ConvColumns * layer.Stride.Rows;
        int x = pixel % layer.ConvColumns * layer.Stride.Columns;
        return ((y * columns) + x) * layer.Input.Channels;
    }

    /// <summary>Element of weight <paramref name="k"/> (kernel row, kernel column, channel), from the window's first.</summary>
    public int Offset(int k)
    {
        int channels = layer.Input.Channels;
        int i = k / channels / layer.KernelColumns * layer.Dilation.Rows;
        int j = k / channels % layer.KernelColumns * layer.Dilation.Columns;
        return (((i * columns) + j) * channels) + (k % channels);
    }

    /// <summary>Fills a padded input: the border with the padding code, the inside with an image; each code plus <paramref name="offset"/>.</summary>
    public void FillBorder<T>(T* padded, int offset)
        where T : unmanaged, System.Numerics.IBinaryInteger<T> =>
        new Span<T>(padded, Elements).Fill(T.CreateTruncating(layer.PaddingCode + offset));

    /// <inheritdoc cref="FillBorder{T}"/>
    public void FillInside<T>(int* codes, T* padded, int offset)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        int channels = layer.Input.Channels;
        if (columns == layer.Input.Width)
        {
            OperandConversion.Run(codes, padded + ((nint)layer.Padding.Top * columns * channels), layer.Input.Elements, offset);
            return;
        }
        for (int y = 0; y < layer.Input.Height; y++)
        {
            T* row = padded + (((nint)(y + layer.Padding.Top) * columns + layer.Padding.Left) * channels);
            OperandConversion.Run(codes + ((nint)y * layer.Input.Width * channels), row, layer.Input.Width * channels, offset);
        }
    }
}
