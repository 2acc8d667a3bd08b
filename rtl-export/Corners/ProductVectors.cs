// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks.Generation;
using AccelModel.Numerics;
using AccelModel.Specification;

namespace RtlExport.Corners;

/// <summary>
/// Words for <c>pe_datapath</c> as a design has it: an activation and a weight code per lane, a partial sum, and the next one,
/// <c>narrow(augend + sum over lanes of activation * weight)</c>, by the table of docs/architecture.md, section 4.4.
/// </summary>
public static class ProductVectors
{
    /// <summary>Name of the files.</summary>
    public const string Name = "product";

    private const int RandomWords = 96;

    /// <summary>
    /// Every pair of extreme operands in all lanes at once and in one lane alone, with partial sums of 0, at both limits, and such that the sum comes to a limit, one beside it, and one beyond it; then random
    /// words. Bit-serial products are of whole numbers here: their bits enter one after the other, highest first.
    /// </summary>
    public static VectorTable Table(AcceleratorSpec spec)
    {
        ArraySpec array = spec.Array;
        int lanes = array.Lanes;
        int operand = array.ProcessingElement == ProcessingElementKind.XnorPopcount ? 2 : array.ActivationWidth;
        int weight = array.WeightValueWidth;
        VectorColumn[] columns =
        [
            .. Enumerable.Range(0, lanes).Select(lane => new VectorColumn($"activation_{lane}", operand, false)),
            .. Enumerable.Range(0, lanes).Select(lane => new VectorColumn($"weight_{lane}", weight, false)),
            new("negative", 1, false), new("augend", array.PartialSumWidth, true), new("sum", array.PartialSumWidth, true),
        ];
        return new(Name, columns, Words(array, operand, weight));
    }

    /// <summary>What weight codes stand for; those of a codebook, and those to which an offset may have been added, are values already.</summary>
    public static Func<uint, long> Weights(ArraySpec array) => array.ProcessingElement == ProcessingElementKind.Codebook || array.HasOperandOffsets
        ? code => TwosComplement.Wrap(code, array.WeightValueWidth)
        : WeightEncoding.Of(array, []).Decode;

    /// <summary>What an operand stands for: of <c>xnor_popcount</c> its low bit says minus and its high bit that it takes part; of <c>bit_serial</c> a sign bit is one where <paramref name="negative"/> is set.</summary>
    public static long Activation(ArraySpec array, uint code, bool negative) => array.ProcessingElement switch
    {
        ProcessingElementKind.XnorPopcount => (code & 2) == 0 ? 0 : (code & 1) == 0 ? 1 : -1,
        _ => negative ? TwosComplement.Wrap(code, array.ActivationWidth) : code,
    };

    private static IEnumerable<long[]> Words(ArraySpec array, int operandWidth, int weightWidth)
    {
        Func<uint, long> value = Weights(array);
        uint[] weights = Extremes(WeightCodes(array, weightWidth), value);
        bool[] signs = array.ProcessingElement == ProcessingElementKind.BitSerial ? [false, true] : [array.ActivationSigned];
        foreach (bool negative in signs)
        {
            uint[] operands = Extremes(Codes(operandWidth), code => Activation(array, code, negative));
            foreach (uint a in operands)
            {
                foreach (uint w in weights)
                {
                    foreach (int only in new[] { -1, array.Lanes - 1 }.Distinct())
                    {
                        uint[] activation = [.. Enumerable.Range(0, array.Lanes).Select(lane => only < 0 || lane == only ? a : 0)];
                        uint[] weight = [.. Enumerable.Repeat(w, array.Lanes)];
                        foreach (long augend in Augends(array, Product(array, activation, weight.Select(value), negative)))
                        {
                            yield return Word(array, activation, weight, value, negative, augend);
                        }
                    }
                }
            }

            var random = new SplitMix(1, Name + negative);
            for (int i = 0; i < RandomWords; i++)
            {
                uint[] activation = [.. Enumerable.Range(0, array.Lanes).Select(_ => (uint)random.Next() & Mask(operandWidth))];
                uint[] weight = [.. Enumerable.Range(0, array.Lanes).Select(_ => (uint)random.Next() & Mask(weightWidth)).Select(code => IsNoCode(array, code) ? 0 : code)];
                yield return Word(array, activation, weight, value, negative, TwosComplement.Wrap((long)random.Next(), array.PartialSumWidth));
            }
        }
    }

    /// <summary>Partial sums that bring the product to the limits and one beyond them.</summary>
    private static IEnumerable<long> Augends(ArraySpec array, long product)
    {
        long least = TwosComplement.Min(array.PartialSumWidth), most = TwosComplement.Max(array.PartialSumWidth);
        return new[] { 0, least, most, most - product - 1, most - product, most - product + 1, least - product - 1, least - product, least - product + 1 }
            .Where(augend => augend >= least && augend <= most).Distinct();
    }

    private static long[] Word(ArraySpec array, uint[] activation, uint[] weight, Func<uint, long> value, bool negative, long augend) =>
    [
        .. activation.Select(code => (long)code), .. weight.Select(code => (long)code), negative ? 1 : 0, augend,
        Overflow.Add(array.Overflow, augend, Product(array, activation, weight.Select(value), negative), array.PartialSumWidth, out _),
    ];

    private static long Product(ArraySpec array, uint[] activation, IEnumerable<long> weight, bool negative) =>
        activation.Zip(weight, (a, w) => Activation(array, a, negative) * w).Sum();

    /// <summary>Codes of the least and greatest values, of those next to zero, and of zero, where there are such.</summary>
    private static uint[] Extremes(IEnumerable<uint> codes, Func<uint, long> value)
    {
        (uint Code, long Value)[] all = [.. codes.Select(code => (code, value(code))).OrderBy(pair => pair.Item2).ThenBy(pair => pair.code)];
        return [.. new[] { all[0], all[^1] }.Concat(all.Where(pair => pair.Value is >= -1 and <= 1).DistinctBy(pair => pair.Value)).Select(pair => pair.Code).Distinct()];
    }

    private static IEnumerable<uint> WeightCodes(ArraySpec array, int width) => Codes(width).Where(code => !IsNoCode(array, code));

    /// <summary>The ternary code that no weight has.</summary>
    private static bool IsNoCode(ArraySpec array, uint code) => array.ProcessingElement == ProcessingElementKind.TernaryAdd && code == 2;

    private static IEnumerable<uint> Codes(int width) => Enumerable.Range(0, 1 << width).Select(code => (uint)code);

    private static uint Mask(int width) => (1u << width) - 1;
}
