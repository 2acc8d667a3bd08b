// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace NnTrain.Quantizers;

/// <summary>The memory of a contiguous tensor of single-precision numbers, valid while the tensor lives.</summary>
internal readonly unsafe struct Elements
{
    private readonly float* first;

    /// <summary>Those of a tensor.</summary>
    public Elements(torch.Tensor tensor)
    {
        Span<byte> bytes = tensor.bytes;

        // Native memory: it does not move.
        first = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
        Count = bytes.Length / sizeof(float);
    }

    /// <summary>How many there are; 0 for none.</summary>
    public int Count { get; }

    /// <summary>All of them, in row-major order.</summary>
    public Span<float> All => Slice(0, Count);

    /// <summary>Some of them.</summary>
    public Span<float> Slice(int start, int length) => new(first + start, length);
}

/// <summary>The loops of <see cref="FakeQuantization"/>.</summary>
/// <param name="Lowest">The least code.</param>
/// <param name="Highest">The greatest code.</param>
/// <param name="HalfEven">Whether ties go to the even neighbour; else up.</param>
/// <param name="Clipped">Whether the gradient ends where the grid does.</param>
/// <param name="Threads">The most threads.</param>
internal sealed record FakeQuantizationKernel(float Lowest, float Highest, bool HalfEven, bool Clipped, int Threads)
{
    /// <summary>Elements of a piece: its sums are added in single precision, those of pieces in double, in order, whoever computed them.</summary>
    private const int PieceElements = 1 << 13;

    /// <summary>Below this a second thread costs more than it gives.</summary>
    private const int ElementsWorthThreads = 1 << 16;

    /// <summary><c>y = round(clip(x / s)) * s</c>.</summary>
    public void Forward(Elements x, Elements step, Elements y) => ForPieces(x.Count, step.Count, (row, start, length, _) =>
        Forward(x.Slice(start, length), step.Slice(row, 1)[0], y.Slice(start, length)));

    /// <summary>The derivatives of <see cref="FakeQuantization"/> times the gradient of y.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="step">Its steps.</param>
    /// <param name="gradient">Of y.</param>
    /// <param name="ofX">Receives that of x.</param>
    /// <param name="ofStep">Receives that of the steps; no elements where it is not wanted.</param>
    public void Backward(Elements x, Elements step, Elements gradient, Elements ofX, Elements ofStep)
    {
        double[] sums = new double[step.Count * PiecesOf(x.Count / step.Count)];
        ForPieces(x.Count, step.Count, (row, start, length, piece) =>
            sums[piece] = Backward(x.Slice(start, length), step.Slice(row, 1)[0], gradient.Slice(start, length), ofX.Slice(start, length)));
        int pieces = sums.Length / step.Count;
        for (int row = 0; row < ofStep.Count; row++)
        {
            double sum = 0;
            foreach (double part in sums.AsSpan(row * pieces, pieces))
            {
                sum += part;
            }

            ofStep.Slice(row, 1)[0] = (float)sum;
        }
    }

    private static int PiecesOf(int elements) => (elements + PieceElements - 1) / PieceElements;

    private void ForPieces(int count, int rows, Action<int, int, int, int> work)
    {
        int ofRow = count / rows;
        int pieces = PiecesOf(ofRow);
        if (Threads == 1 || count < ElementsWorthThreads)
        {
            for (int piece = 0; piece < rows * pieces; piece++)
            {
                Piece(piece);
            }
        }
        else
        {
            Parallel.For(0, rows * pieces, new() { MaxDegreeOfParallelism = Threads }, Piece);
        }

        void Piece(int piece)
        {
            (int row, int inRow) = Math.DivRem(piece, pieces);
            int start = inRow * PieceElements;
            work(row, (row * ofRow) + start, Math.Min(PieceElements, ofRow - start), piece);
        }
    }

    private void Forward(ReadOnlySpan<float> x, float step, Span<float> y)
    {
        Vector<float> steps = new(step);
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (Codes(new Vector<float>(x[i..]) / steps) * steps).CopyTo(y[i..]);
        }

        if (i < x.Length)
        {
            Span<float> rest = stackalloc float[Vector<float>.Count];
            x[i..].CopyTo(rest);
            (Codes(new Vector<float>(rest) / steps) * steps).CopyTo(rest);
            rest[..(x.Length - i)].CopyTo(y[i..]);
        }
    }

    /// <returns>The gradient of the step.</returns>
    private float Backward(ReadOnlySpan<float> x, float step, ReadOnlySpan<float> gradient, Span<float> ofX)
    {
        Vector<float> steps = new(step), sum = default;
        int i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (Vector<float> through, Vector<float> ofStep) = Derivatives(new Vector<float>(x[i..]) / steps, new(gradient[i..]));
            through.CopyTo(ofX[i..]);
            sum += ofStep;
        }

        if (i < x.Length)
        {
            // A gradient of zero adds nothing.
            Span<float> rest = stackalloc float[Vector<float>.Count], of = stackalloc float[Vector<float>.Count];
            x[i..].CopyTo(rest);
            gradient[i..].CopyTo(of);
            (Vector<float> through, Vector<float> ofStep) = Derivatives(new Vector<float>(rest) / steps, new(of));
            through.CopyTo(rest);
            rest[..(x.Length - i)].CopyTo(ofX[i..]);
            sum += ofStep;
        }

        return Vector.Sum(sum);
    }

    private (Vector<float> OfX, Vector<float> OfStep) Derivatives(Vector<float> ratio, Vector<float> gradient)
    {
        Vector<float> codes = Codes(ratio);
        if (!Clipped)
        {
            return (gradient, gradient * (codes - ratio));
        }

        Vector<int> inside = Vector.GreaterThanOrEqual(ratio, new Vector<float>(Lowest)) & Vector.LessThanOrEqual(ratio, new Vector<float>(Highest));
        return (
            Vector.ConditionalSelect(inside, gradient, Vector<float>.Zero),
            gradient * (codes - Vector.ConditionalSelect(inside, ratio, Vector<float>.Zero)));
    }

    private Vector<float> Codes(Vector<float> ratio)
    {
        // In this order of operands what is not a number stays so, as a diverging training has to show.
        Vector<float> clipped = Vector.MinNative(new Vector<float>(Highest), Vector.MaxNative(new Vector<float>(Lowest), ratio));
        return HalfEven ? Vector.Round(clipped) : Vector.Floor(clipped + new Vector<float>(0.5f));
    }
}
