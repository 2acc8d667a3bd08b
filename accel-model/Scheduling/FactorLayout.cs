// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>
/// Where the elements of an activation tensor lie in the factor buffer, and how lines of weights are read from there. A pixel is a run of consecutive elements; the next one begins
/// <see cref="PixelPitch"/> elements later, so many that the elements of a line lie in different banks (docs/architecture.md, section 4.6).
/// </summary>
/// <param name="PixelPitch">Elements from pixel to pixel.</param>
/// <param name="ColumnPitch">Elements of the buffer from one column of a line to the next; on an input-stationary array from one of its <c>rows * lanes</c> to the next.</param>
/// <param name="LanePitch">Elements from lane to lane of a column; 0 on an input-stationary array.</param>
/// <param name="LineStride">Elements from line to line.</param>
/// <param name="SegmentStride">Elements from segment to segment.</param>
public readonly record struct FactorLayout(int PixelPitch, int ColumnPitch, int LanePitch, int LineStride, int SegmentStride)
{
    /// <summary>Banks of a design's factor buffer: the least power of two that holds a line and a memory word.</summary>
    public static int Banks(AcceleratorSpec spec) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(spec.WeightLineElements, spec.ElementsPerWord));

    /// <summary>Lanes of a column of a line: none of its own on an input-stationary array, whose lines are one row of elements.</summary>
    public static int LanesOfLine(AcceleratorSpec spec) => spec.Array.Dataflow == Dataflow.InputStationary ? 1 : spec.Array.Lanes;

    /// <summary>The layout of pixels of <paramref name="run"/> elements each.</summary>
    /// <param name="spec">The design.</param>
    /// <param name="transposed">Whether a pixel holds the products of one output channel (k), not the output channels of one product.</param>
    /// <param name="run">Elements of a pixel.</param>
    public static FactorLayout Of(AcceleratorSpec spec, bool transposed, int run)
    {
        int lanes = spec.Array.Lanes, vector = spec.VectorElements, banks = Banks(spec);
        int Pitch(int residue) => checked(run + ((residue - run) & (banks - 1)));
        if (spec.Array.Dataflow == Dataflow.InputStationary)
        {
            int pitch = transposed ? run : Pitch(1);
            return transposed ? new(pitch, 1, 0, pitch, vector) : new(pitch, pitch, 0, 1, checked(vector * pitch));
        }

        if (transposed)
        {
            int pitch = Pitch(lanes);
            return new(pitch, pitch, 1, lanes, vector);
        }

        int apart = lanes == 1 ? run : Pitch(spec.Array.Columns);
        return new(apart, 1, apart, checked(lanes * apart), checked(vector * apart));
    }

    /// <summary>Elements that so many pixels of <paramref name="run"/> elements take.</summary>
    public long Elements(int pixels, int run) => ((long)(pixels - 1) * PixelPitch) + run;

    /// <summary>Whether the elements of a line lie in different banks, whatever its first one is.</summary>
    public static bool AreApart(MatmulInstruction matmul, AcceleratorSpec spec)
    {
        int lanes = LanesOfLine(spec);
        long banks = Banks(spec);
        return Enumerable.Range(0, spec.WeightLineElements)
            .Select(element => (((long)(element / lanes) * matmul.WeightColumnPitch) + ((long)(element % lanes) * matmul.WeightLanePitch)) & (banks - 1))
            .Distinct().Count() == spec.WeightLineElements;
    }

    /// <summary>The greatest element address that takes part: of the last channel and the last product.</summary>
    public static long Greatest(MatmulInstruction matmul, AcceleratorSpec spec)
    {
        bool inputStationary = spec.Array.Dataflow == Dataflow.InputStationary;
        int lanes = spec.Array.Lanes, vector = spec.VectorElements;
        long segments = (long)matmul.KernelRows * matmul.KernelColumns * matmul.Tiles;
        int channels = matmul.Channels > 0 ? matmul.Channels : spec.Array.Columns;
        int last = matmul.LastTileElements > 0 ? matmul.LastTileElements : vector;
        long Product(int k) => inputStationary
            ? (long)k * matmul.WeightColumnPitch
            : ((long)(k / lanes) * matmul.WeightLineStride) + ((long)(k % lanes) * matmul.WeightLanePitch);
        long Most(int elements) => Math.Max(Product(elements - 1), Product(Math.Max(0, (elements / lanes * lanes) - 1)));
        long products = Math.Max(segments > 1 ? ((segments - 2) * matmul.WeightSegmentStride) + Most(vector) : 0, ((segments - 1) * matmul.WeightSegmentStride) + Most(last));
        return matmul.WeightAddress + ((long)(channels - 1) * (inputStationary ? matmul.WeightLineStride : matmul.WeightColumnPitch)) + products;
    }
}
