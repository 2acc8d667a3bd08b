// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;

namespace AccelModel.Specification;

/// <summary>
/// The codes in which a kind of PE takes its weights (docs/architecture.md, section 4.4): the one definition for whatever packs weight lines and whatever reads them.
/// The code of a hole is 0, whatever it stands for.
/// </summary>
public abstract class WeightEncoding
{
    private protected WeightEncoding(int width) => Width = width;

    /// <summary>Bits of a code: the array's <c>weight_width</c>.</summary>
    public int Width { get; }

    /// <summary>Whether there is a code for the value.</summary>
    public abstract bool Contains(long value);

    /// <summary>The code of a value, in the low <see cref="Width"/> bits; all others are zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no code for the value.</exception>
    public uint Encode(long value) =>
        Contains(value) ? EncodeContained(value) : throw new ArgumentOutOfRangeException(nameof(value), value, $"no weight code of {Width} bits for this value");

    /// <summary>The value of a code. Bits above <see cref="Width"/> are ignored.</summary>
    public abstract long Decode(uint code);

    /// <summary>The codes of an array's kind of PE.</summary>
    /// <param name="array">Kind, width, and what else the kind reads.</param>
    /// <param name="weights">The weights that share a codebook: their distinct values are its entries. Other kinds do not read them.</param>
    public static WeightEncoding Of(ArraySpec array, IEnumerable<int> weights) => array.ProcessingElement switch
    {
        ProcessingElementKind.XnorPopcount => new BipolarWeights(),
        ProcessingElementKind.TernaryAdd => new TernaryWeights(),
        ProcessingElementKind.ShiftAdd => new PowerOfTwoWeights(array.WeightWidth, array.WeightTerms),
        ProcessingElementKind.Codebook => CodebookWeights.Of(weights, array.WeightWidth, array.CodebookValueWidth),
        _ => new TwosComplementWeights(array.WeightWidth),
    };

    private protected abstract uint EncodeContained(long value);

    private protected uint LowBits(long bits) => (uint)(bits & ((1L << Width) - 1));
}

/// <summary>Two's complement: <c>multiply</c>, <c>dsp_packed</c> and <c>bit_serial</c>.</summary>
/// <param name="width">Bits, 1..16.</param>
public sealed class TwosComplementWeights(int width) : WeightEncoding(width)
{
    /// <inheritdoc/>
    public override bool Contains(long value) => TwosComplement.Fits(value, Width);

    /// <inheritdoc/>
    public override long Decode(uint code) => TwosComplement.Wrap(code, Width);

    private protected override uint EncodeContained(long value) => LowBits(value);
}

/// <summary>One bit, 1 for +1 and 0 for -1: <c>xnor_popcount</c>. There is no zero.</summary>
public sealed class BipolarWeights() : WeightEncoding(1)
{
    /// <inheritdoc/>
    public override bool Contains(long value) => value is -1 or 1;

    /// <inheritdoc/>
    public override long Decode(uint code) => (code & 1) != 0 ? 1 : -1;

    private protected override uint EncodeContained(long value) => value > 0 ? 1u : 0u;
}

/// <summary>Two bits, the upper one subtracts what the lower one lets through: <c>ternary_add</c>. The code 2, which no value has, is 0.</summary>
public sealed class TernaryWeights() : WeightEncoding(2)
{
    /// <inheritdoc/>
    public override bool Contains(long value) => value is >= -1 and <= 1;

    /// <inheritdoc/>
    public override long Decode(uint code) => (code & 1) == 0 ? 0 : (code & 2) == 0 ? 1 : -1;

    private protected override uint EncodeContained(long value) => LowBits(value);
}

/// <summary>
/// The sum of one or two terms, term 0 in the lowest bits; a term is a sign (top bit) and a code: 0 for the value 0, <c>e + 1</c> for <c>2^e</c>: <c>shift_add</c>.
/// Of several codes of one value that of the least term 0 stands, then that of the least term 1.
/// </summary>
public sealed class PowerOfTwoWeights : WeightEncoding
{
    private readonly int _terms;
    private readonly Dictionary<long, uint> _codes = [];

    /// <param name="width">Bits of a code: <paramref name="terms"/> times 2..5.</param>
    /// <param name="terms">Terms, 1 or 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another number of terms, or a width that is not so many fields of 2..5 bits.</exception>
    public PowerOfTwoWeights(int width, int terms)
        : base(width)
    {
        if (terms is not (1 or 2) || width % terms != 0 || width / terms is < 2 or > 5)
        {
            throw new ArgumentOutOfRangeException(nameof(width), width, $"{terms} terms of 2..5 bits are another width");
        }
        _terms = terms;
        TermWidth = width / terms;

        // In rising order of term 0, then of term 1: the first code of a value is the one that stands.
        uint fields = 1u << TermWidth;
        for (uint low = 0; low < fields; low++)
        {
            for (uint high = 0; high < (terms == 1 ? 1 : fields); high++)
            {
                uint code = (high << TermWidth) | low;
                _codes.TryAdd(Decode(code), code);
            }
        }
    }

    /// <summary>Bits of one term.</summary>
    public int TermWidth { get; }

    /// <inheritdoc/>
    public override bool Contains(long value) => _codes.ContainsKey(value);

    /// <inheritdoc/>
    public override long Decode(uint code)
    {
        long sum = 0;
        for (int term = 0; term < _terms; term++)
        {
            sum += Term(code >> (term * TermWidth));
        }
        return sum;
    }

    private protected override uint EncodeContained(long value) => _codes[value];

    private long Term(uint field)
    {
        int sign = TermWidth - 1;
        uint exponent = field & ((1u << sign) - 1);
        long magnitude = exponent == 0 ? 0 : 1L << ((int)exponent - 1);
        return (field >> sign & 1) == 0 ? magnitude : -magnitude;
    }
}

/// <summary>An index into a table of values that the array holds: <c>codebook</c>.</summary>
public sealed class CodebookWeights : WeightEncoding
{
    private readonly Dictionary<long, uint> _codes = [];

    private CodebookWeights(int width, ImmutableArray<int> values)
        : base(width)
    {
        Values = values;
        for (int code = 0; code < values.Length; code++)
        {
            _codes.TryAdd(values[code], (uint)code);
        }
    }

    /// <summary>The table: the value of each of the <c>2^width</c> codes; 0 where there are fewer values.</summary>
    public ImmutableArray<int> Values { get; }

    /// <summary>
    /// The table of the distinct values of <paramref name="weights"/>, in rising order. Values outside <paramref name="valueWidth"/> bits of two's complement, and what
    /// is left after <c>2^width</c> values, have no code.
    /// </summary>
    /// <param name="weights">The weights that share the table.</param>
    /// <param name="width">Bits of a code, 1..8.</param>
    /// <param name="valueWidth">Bits of a value, 2..16.</param>
    public static CodebookWeights Of(IEnumerable<int> weights, int width, int valueWidth)
    {
        int[] values = [.. weights.Where(weight => TwosComplement.Fits(weight, valueWidth)).Distinct().Order().Take(1 << width)];
        return new(width, [.. values, .. new int[(1 << width) - values.Length]]);
    }

    /// <inheritdoc/>
    public override bool Contains(long value) => _codes.ContainsKey(value);

    /// <inheritdoc/>
    public override long Decode(uint code) => Values[(int)LowBits(code)];

    private protected override uint EncodeContained(long value) => _codes[value];
}
