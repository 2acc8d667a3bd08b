// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>The edge of the array at one buffer: what the PEs get of its output.</summary>
public interface IOperandSource
{
    /// <summary>The operands at places <paramref name="first"/>, <c>first + 1</c>, ... of the buffer's output in this cycle.</summary>
    void Select(in ArrayControl control, int first, Span<int> operands);
}

/// <summary>
/// Elements of the activation buffer, an offset added where the design has that, as operands: a digit of unsigned ones, sign-extended signed ones, on <c>bit_serial</c> PEs those bits that enter in this cycle, on <c>xnor_popcount</c> PEs a sign and a
/// bit that says whether there is one. Masked elements have the operand 0, whose product is 0 in every kind.
/// </summary>
public sealed class ActivationOperands(AcceleratorSpec spec, ActivationBuffer buffer) : IOperandSource
{
    private readonly bool _isBipolar = spec.Array.ProcessingElement == ProcessingElementKind.XnorPopcount;
    private readonly int _digitMask = spec.Array.ProcessingElement == ProcessingElementKind.BitSerial ? -1 : (1 << spec.DigitWidth) - 1;
    private readonly int _elementWidth = spec.Requantizer.ElementWidth;
    private readonly int _codeWidth = spec.ActivationCodeWidth;

    /// <inheritdoc/>
    public void Select(in ArrayControl control, int first, Span<int> operands)
    {
        ReadOnlySpan<ushort> elements = buffer.Output;
        ActivationControl activation = control.Activation;
        for (int i = 0; i < operands.Length; i++)
        {
            operands[i] = first + i < activation.Elements ? Operand(elements[first + i], activation) & activation.Bits : 0;
        }
    }

    private int Operand(ushort element, in ActivationControl control)
    {
        int value = (int)control.Codes.Of(element, _elementWidth, _codeWidth);
        if (control.IsSigned)
        {
            return !_isBipolar ? value : XnorPopcountProduct.TakesPart | (value >= 0 ? XnorPopcountProduct.Positive : 0);
        }
        int digit = (value & ((1 << _codeWidth) - 1)) >> control.DigitShift & _digitMask;
        return !_isBipolar ? digit : digit != 0 ? XnorPopcountProduct.TakesPart | XnorPopcountProduct.Positive : 0;
    }
}

/// <summary>
/// Codes of a weight line, or elements of the factor buffer, an offset added where the design has that, cut to the weights' width, as operands: two's complement sign-extended, indices of a codebook looked up in the table of the instruction, other kinds' codes as they are, for the PE to read.
/// </summary>
public sealed class WeightOperands : IOperandSource, IClocked
{
    private readonly LineBuffer _buffer;
    private readonly FactorBuffer _factors;
    private readonly int _width;
    private readonly int _valueWidth;
    private readonly int _elementWidth;
    private readonly bool _isNumber;
    private readonly CodebookTable? _table;

    /// <summary>The edge of an array at its weight buffer.</summary>
    public WeightOperands(AcceleratorSpec spec, LineBuffer buffer, FactorBuffer factors)
    {
        _buffer = buffer;
        _factors = factors;
        _elementWidth = spec.Requantizer.ElementWidth;
        _width = spec.Array.WeightWidth;
        _valueWidth = spec.Array.WeightValueWidth;
        _isNumber = spec.Array.ProcessingElement is ProcessingElementKind.Multiply or ProcessingElementKind.DspPacked or ProcessingElementKind.BitSerial;
        _table = spec.Array.ProcessingElement == ProcessingElementKind.Codebook ? new(spec) : null;
    }

    /// <inheritdoc/>
    public void Select(in ArrayControl control, int first, Span<int> operands)
    {
        if (_factors.IsSource)
        {
            for (int i = 0; i < operands.Length; i++)
            {
                operands[i] = (int)control.Factors.Of(_factors.Output[first + i], _elementWidth, _valueWidth);
            }
            return;
        }
        ReadOnlySpan<byte> line = _buffer.Output;
        for (int i = 0; i < operands.Length; i++)
        {
            int bit = (first + i) * _width;
            operands[i] = _isNumber ? (int)BitSlice.Signed(line, bit, _width)
                : _table is null ? (int)BitSlice.Unsigned(line, bit, _width)
                : _table[(int)BitSlice.Unsigned(line, bit, _width)];
        }
    }

    /// <summary>A line of the table that is at the buffer's output goes into it at the clock edge.</summary>
    public void TakeTableLine(in ArrayControl control)
    {
        if (control.TableLine > 0)
        {
            _table?.Take(control.TableLine - 1, _buffer.Output);
        }
    }

    /// <inheritdoc/>
    public void Advance() => _table?.Advance();
}

/// <summary>The registers of a codebook: a string of bits that comes a line at a time, entry <c>i</c> at bit <c>i * codebook_value_width</c>.</summary>
internal sealed class CodebookTable : IClocked
{
    private readonly int _valueWidth;
    private readonly int _lineBits;
    private readonly bool[] _bits;
    private readonly bool[] _taken;
    private int _first;

    /// <summary>A table of zeros.</summary>
    public CodebookTable(AcceleratorSpec spec)
    {
        _valueWidth = spec.Array.CodebookValueWidth;
        _lineBits = spec.WeightLineElements * spec.Array.WeightWidth;
        _bits = new bool[_valueWidth << spec.Array.WeightWidth];
        _taken = new bool[_lineBits];
        _first = _bits.Length;
    }

    /// <summary>The value of an entry.</summary>
    public int this[int entry]
    {
        get
        {
            long value = 0;
            for (int i = 0; i < _valueWidth; i++)
            {
                value |= (_bits[(entry * _valueWidth) + i] ? 1L : 0) << i;
            }
            return (int)TwosComplement.Wrap(value, _valueWidth);
        }
    }

    /// <summary>At the clock edge: takes one line, without what is past the last entry.</summary>
    public void Take(int line, ReadOnlySpan<byte> bytes)
    {
        _first = line * _lineBits;
        for (int i = 0; i < _lineBits; i++)
        {
            _taken[i] = BitSlice.Unsigned(bytes, i, 1) != 0;
        }
    }

    /// <inheritdoc/>
    public void Advance()
    {
        int count = Math.Clamp(_bits.Length - _first, 0, _lineBits);
        _taken.AsSpan(0, count).CopyTo(_bits.AsSpan(_first));
        _first = _bits.Length;
    }
}
