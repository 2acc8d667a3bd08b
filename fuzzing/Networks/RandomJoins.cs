// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;

namespace Fuzzing.Networks;

/// <summary>Layers that read several tensors, with the branches that make them.</summary>
internal sealed partial class RandomLayers
{
    private string Sum(string source, string second)
    {
        TensorSpec output = _tensors[source] with { Format = CombinedFormat() };
        int leftShift = choices.Next(limits.LeftShift + 1);
        return Append(new AddLayer
        {
            Name = Next,
            Input = source,
            SecondInput = second,
            Output = output,
            LeftShift = leftShift,
            First = Term(_tensors[source].Format, leftShift, output),
            Second = Term(_tensors[second].Format, leftShift, output),
            Requantization = OfCodes(limits.Combined, output, 1L << Math.Min(limits.TermWidth - 2, 10)),
        });
    }

    private Requantization Term(FixedPointFormat input, int leftShift, TensorSpec output)
    {
        FixedPointFormat term = new(true, limits.TermWidth, 0);
        Requantization drawn = _requantization.Draw(limits.Term, output with { Format = new(true, Math.Min(12, limits.TermWidth), 0) }, Typical(1, input, new(false, 1, 0)) << leftShift, 1);
        return drawn.Kind == RequantizationKind.Thresholds ? drawn : drawn with { Minimum = (int)term.MinRaw, Maximum = (int)term.MaxRaw };
    }

    private string Product(string source)
    {
        TensorSpec input = _tensors[source];
        string second = choices.Next(3) switch
        {
            0 => SameShape(source),
            _ => Gate(source),
        };
        if (!ProductFits(input, _tensors[second]))
        {
            second = source;
        }
        (int First, int Second) offsets = (choices.Next(9) - 4, choices.Next(9) - 4);
        if (!ProductFits(input, _tensors[second], offsets.First, offsets.Second))
        {
            offsets = (0, 0);
        }
        TensorSpec output = input with { Format = CombinedFormat() };
        return Append(new MultiplyLayer
        {
            Name = Next,
            Input = source,
            SecondInput = second,
            Output = output,
            FirstOffset = offsets.First,
            SecondOffset = offsets.Second,
            Requantization = OfCodes(limits.Combined, output, Typical(1, input.Format, _tensors[second].Format)),
        });
    }

    /// <summary>One pixel that serves all, of the tensor's mean where there is averaging.</summary>
    private string Gate(string source)
    {
        bool last = IsLastStep;
        IsLastStep = false;
        TensorSpec input = _tensors[source];
        string squeezed = limits.Kinds.Contains(AveragePoolLayer.KindName) && !IsBipolar(input) && CanDivide((input.Height, input.Width), input.Format) && choices.OnceIn(2)
            ? Append(new AveragePoolLayer
            {
                Name = Next, Input = source, Output = input with { Height = 1, Width = 1 }, Window = (input.Height, input.Width), Stride = (1, 1),
            })
            : source;
        string gate = Dense(squeezed, input.Channels);
        IsLastStep = last;
        return gate;
    }

    private string Concat(string source)
    {
        TensorSpec input = _tensors[source];
        List<string> others = [];
        for (int i = choices.Between(1, 2); i > 0; i--)
        {
            string[] fitting = [.. _tensors.Where(t => (t.Value.Height, t.Value.Width, t.Value.Format) == (input.Height, input.Width, input.Format) && t.Value.Channels <= limits.Channels).Select(t => t.Key)];
            others.Add(choices.OnceIn(2) ? Branch(source, choices.Between(1, limits.Channels), input.Format) : choices.Of(fitting));
        }
        return Append(new ConcatLayer
        {
            Name = Next,
            Input = source,
            OtherInputs = [.. others],
            Output = input with { Channels = input.Channels + others.Sum(other => _tensors[other].Channels) },
        });
    }

    /// <summary>Tensors that can be multiplied with one, transposed, and whose codes are weights.</summary>
    private IEnumerable<string> SecondsOf(string source) => _tensors.Where(t => Fits(source, t.Value, transpose: true)).Select(t => t.Key);

    private bool Fits(string source, TensorSpec second, bool transpose)
    {
        TensorSpec input = _tensors[source];
        bool isWeight = limits.SecondOperands is not { } operands || (limits.MatmulOffsets ? operands.HoldsWithOffset(second.Format) : operands.Holds(second.Format));
        return isWeight && second.Height == input.Height && (transpose ? second.Channels : second.Width) == input.Channels;
    }

    /// <summary>A tensor with itself or another, transposed; or not, where one of as many columns as there are channels is there.</summary>
    private string Matmul(string source)
    {
        TensorSpec input = _tensors[source];
        bool transpose = choices.Next(2) == 0;
        string[] fitting = [.. _tensors.Where(t => Fits(source, t.Value, transpose)).Select(t => t.Key)];
        if (fitting.Length == 0)
        {
            transpose = true;
            fitting = [.. SecondsOf(source)];
        }
        string second = choices.Of(fitting);
        if (!transpose || !Fits(source, _tensors[second], transpose: true) || !choices.OnceIn(2))
        {
            return Matmul(source, second, transpose);
        }

        // Attention: what is made of the scores meets the second tensor as it is, whose pixels are their channels.
        (bool last, IsLastStep) = (IsLastStep, false);
        string scores = Matmul(source, second, transpose: true);
        IsLastStep = last;
        return Matmul(scores, second, transpose: false);
    }

    private string Matmul(string source, string second, bool transpose)
    {
        TensorSpec input = _tensors[source];
        TensorSpec other = _tensors[second];
        TensorSpec output = input with { Channels = transpose ? other.Width : other.Channels, Format = ResultFormat() };
        int first = limits.MatmulOffsets && choices.OnceIn(3) ? Offset(input.Format, limits.FirstOperands) : 0;
        bool needsOffset = limits.SecondOperands?.Holds(other.Format) == false;
        int offset = needsOffset || (limits.MatmulOffsets && choices.OnceIn(3)) ? Offset(other.Format, limits.SecondOperands) : 0;
        return Append(new MatmulLayer
        {
            Name = Next,
            Input = source,
            SecondInput = second,
            TransposeSecond = transpose,
            FirstOffset = first,
            SecondOffset = offset,
            Output = output,
            Requantization = OfCodes(limits.Result, output, Typical(input.Channels, WithOffset(input.Format, first), WithOffset(other.Format, offset))),
        });
    }

    /// <summary>A small offset; among limits any one that they allow, often the least or the greatest; 0 where they allow none.</summary>
    private int Offset(FixedPointFormat codes, OperandRange? within)
    {
        if (within is not { } operands)
        {
            return choices.Next(9) - 4;
        }
        if (!operands.HoldsWithOffset(codes))
        {
            return 0;
        }
        (int least, int greatest) = (operands.LeastOffset(codes), operands.GreatestOffset(codes));
        return choices.OnceIn(3) ? choices.Of(least, greatest) : choices.Between(least, greatest);
    }

    private static FixedPointFormat WithOffset(FixedPointFormat codes, int offset)
    {
        OperandFormat operand = OperandFormat.Of(codes, offset);
        return new(operand.Signed, operand.Width, 0);
    }

    /// <summary>An earlier tensor of the same shape, the tensor itself or a convolution of it.</summary>
    private string SameShape(string source)
    {
        TensorSpec input = _tensors[source];
        string[] fitting = [.. _tensors.Where(t => (t.Value.Height, t.Value.Width, t.Value.Channels) == (input.Height, input.Width, input.Channels)).Select(t => t.Key)];
        return choices.OnceIn(2) ? Branch(source, input.Channels, ReadableFormat()) : choices.Of(fitting);
    }

    private bool ProductFits(TensorSpec first, TensorSpec second, int firstOffset = 0, int secondOffset = 0)
    {
        static long Largest(FixedPointFormat format, int offset) => Math.Max(Math.Abs(format.MinRaw + offset), Math.Abs(format.MaxRaw + offset));
        return Largest(first.Format, firstOffset) * Largest(second.Format, secondOffset) < 1L << (limits.ProductWidth - 1);
    }
}
