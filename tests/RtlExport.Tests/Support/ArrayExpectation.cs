// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace RtlExport.Tests.Support;

/// <summary>
/// What array_unit_tb.sv must print for a program: every read and every accumulator write with its cycle, from the tables of docs/architecture.md, sections 4.1 to 4.3, and values
/// from plain loops over 4, 4.4 and 4.5.
/// </summary>
internal sealed class ArrayExpectation
{
    private readonly AcceleratorSpec _design;
    private readonly ArrayProgram _program;
    private readonly ArraySpec _array;
    private readonly long[,] _accumulators;
    private readonly List<(long Cycle, string Text)> _events = [];
    private uint[] _table = [];

    private ArrayExpectation(ArrayProgram program)
    {
        (_program, _design, _array) = (program, program.Design, program.Design.Array);
        _accumulators = new long[_design.Buffers.Accumulator.Size, _array.Columns];
    }

    /// <summary>The lines, in the order of cycles and of text within a cycle; accumulators at the end last.</summary>
    public static string[] Of(ArrayProgram program)
    {
        var expectation = new ArrayExpectation(program);
        long start = 0;
        foreach (MatmulInstruction instruction in program.Instructions)
        {
            long occupancy = expectation.Add(instruction, start);

            // Its last run cycle, then fetch and start of the next.
            start += occupancy + 2;
        }

        IEnumerable<string> words = Enumerable.Range(0, program.Design.Buffers.Accumulator.Size).Select(word => $"A {word} {expectation.Word(word)}");
        return [.. Sorted(expectation._events.Select(e => e.Text)), .. words];
    }

    /// <summary>Events in the order of cycles and of text; accumulators at the end last.</summary>
    public static IEnumerable<string> Sorted(IEnumerable<string> lines) =>
        lines.OrderBy(line => line[0] == 'A').ThenBy(line => line[0] == 'A' ? 0 : long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)).ThenBy(line => line[0] == 'A' ? "" : line, StringComparer.Ordinal);

    private long Add(MatmulInstruction i, long start)
    {
        for (int line = 0; line < i.TableLines; line++)
        {
            _table = line == 0 ? [] : _table;
            _table = [.. _table, .. _program.Lines[i.WeightAddress + line]];
            Event(start + line, "L", i.WeightAddress + line);
        }

        (long occupancy, long completion) = _array.Dataflow switch
        {
            Dataflow.WeightStationary => WeightStationary(i, start),
            Dataflow.InputStationary => InputStationary(i, start),
            _ => OutputStationary(i, start),
        };
        Event(start + occupancy - 1, "E");
        Event(start + completion, "C");
        if (i.Signals.Contains(Semaphore.AccumulatorReady))
        {
            Event(start + completion, "S");
        }

        return occupancy;
    }

    private (long Occupancy, long Completion) WeightStationary(MatmulInstruction i, long start)
    {
        int r = _array.Rows;
        int n = i.Vectors * i.Interval;
        long line = i.TableLines, swap = 0, vector = 0;
        List<(int D, int I, int J, int T)> segments = [.. Segments(i)];
        for (int s = 0; s < segments.Count; s++)
        {
            if (_array.WeightDoubleBuffering)
            {
                line = s == 0 ? line : swap + r;
                swap = s == 0 ? line + r : Math.Max(line + r, vector + n - 1);
                vector = swap + 1;
            }
            else
            {
                line = s == 0 ? line : vector + n + r - 1;
                vector = line + r;
            }

            int first = i.WeightAddress + i.TableLines + (s % (segments.Count / i.Digits) * r);
            for (int k = 0; k < r; k++)
            {
                Event(start + line + k, "L", first + r - 1 - k);
            }

            for (int m = 0; m < i.Vectors; m++)
            {
                long read = vector + ((long)m * i.Interval);
                Event(start + read, "V", Address(i, m, segments[s]));
                for (int c = 0; c < _array.Columns; c++)
                {
                    long sum = 0;
                    for (int row = 0; row < r; row++)
                    {
                        sum = Narrow(sum + (i.ColumnFilter ? Tap(i, segments[s], m, row, c, first) : Products(i, segments[s], m, row, lane => Weight(first + row, (c * _array.Lanes) + lane))), _array.PartialSumWidth, _array.Overflow);
                    }

                    Accumulate(i, i.AccumulatorAddress + m, c, sum, segments[s].D, s == 0);
                }

                Written(start + read + i.Interval - 1 + r + _array.Columns, i.AccumulatorAddress + m);
            }
        }

        long last = vector + n - i.Interval;
        return (_array.WeightDoubleBuffering ? vector + Math.Max(n, r - 1) : vector + n + r - 1, last + i.Interval - 1 + r + _array.Columns);
    }

    private (long Occupancy, long Completion) InputStationary(MatmulInstruction i, long start)
    {
        int c = _array.Columns;
        int n = i.Channels * i.Interval;
        long pixel = i.TableLines, swap = 0, vector = 0;
        List<(int D, int I, int J, int T)> segments = [.. Segments(i)];
        int blocks = (i.Vectors + c - 1) / c;
        for (int g = 0; g < blocks; g++)
        {
            for (int s = 0; s < segments.Count; s++)
            {
                bool first = g == 0 && s == 0;
                if (_array.WeightDoubleBuffering)
                {
                    pixel = first ? pixel : swap + c;
                    swap = first ? pixel + c : Math.Max(pixel + c, vector + n - 1);
                    vector = swap + 1;
                }
                else
                {
                    pixel = first ? pixel : vector + n + c - 1;
                    vector = pixel + c;
                }

                int[] pixels = [.. Enumerable.Range(g * c, c).Where(m => m < i.Vectors)];
                foreach (int m in pixels)
                {
                    Event(start + pixel + m - (g * c), "V", Address(i, m, segments[s]));
                }

                int line = i.WeightAddress + i.TableLines + (s % (segments.Count / i.Digits) * i.Channels);
                for (int channel = 0; channel < i.Channels; channel++)
                {
                    long read = vector + ((long)channel * i.Interval);
                    Event(start + read, "L", line + channel);
                    int word = i.AccumulatorAddress + (channel / c * i.Vectors);
                    foreach (int m in pixels)
                    {
                        long sum = 0;
                        for (int row = 0; row < _array.Rows; row++)
                        {
                            sum = Narrow(sum + Products(i, segments[s], m, row, lane => Weight(line + channel, (row * _array.Lanes) + lane)), _array.PartialSumWidth, _array.Overflow);
                        }

                        Accumulate(i, word + m, channel % c, sum, segments[s].D, s == 0);
                        Event(start + read + i.Interval - 1 + _array.Rows + c, "B", $"{(word + m + (channel % c)) % c} {word + m} {Hex(_accumulators[word + m, channel % c])}");
                    }
                }
            }
        }

        long last = vector + n - i.Interval;
        return (_array.WeightDoubleBuffering ? vector + Math.Max(n, c - 1) : vector + n + c - 1, last + i.Interval - 1 + _array.Rows + c);
    }

    private (long Occupancy, long Completion) OutputStationary(MatmulInstruction i, long start)
    {
        int r = _array.Rows;
        List<(int D, int I, int J, int T)> segments = [.. Segments(i)];
        int q = segments.Count / i.Digits;
        int groups = (i.Vectors + r - 1) / r;
        long step = (long)r * i.Interval;
        for (int p = 0; p < groups * i.Digits; p++)
        {
            (int g, int d) = (p / i.Digits, p % i.Digits);
            int[] rows = [.. Enumerable.Range(0, r).Where(row => (g * r) + row < i.Vectors)];
            var sums = new long[r, _array.Columns];
            for (int s = 0; s < q; s++)
            {
                long head = i.TableLines + (((p * (long)q) + s) * step);
                int line = i.WeightAddress + i.TableLines + (s * r);
                foreach (int row in rows)
                {
                    Event(start + head + row, "V", Address(i, (g * r) + row, segments[(d * q) + s]));
                }

                for (int k = 0; k < r; k++)
                {
                    Event(start + head + (k * (long)i.Interval), "L", line + k);
                    foreach (int row in rows)
                    {
                        for (int c = 0; c < _array.Columns; c++)
                        {
                            sums[row, c] = Narrow(
                                sums[row, c] + Products(i, segments[(d * q) + s], (g * r) + row, k, lane => Weight(line + k, (c * _array.Lanes) + lane)), _array.PartialSumWidth, _array.Overflow);
                        }
                    }
                }
            }

            long end = i.TableLines + ((p + 1) * q * step);
            foreach (int row in rows)
            {
                for (int c = 0; c < _array.Columns; c++)
                {
                    Accumulate(i, i.AccumulatorAddress + (g * r) + row, c, sums[row, c], d, d == 0);
                }

                Written(start + end + r + _array.Columns - 1 + (r - 1 - row), i.AccumulatorAddress + (g * r) + row);
            }
        }

        long occupancy = i.TableLines + (groups * (long)i.Digits * q * step);
        return (occupancy, occupancy + (2 * r) + _array.Columns - 2);
    }

    private static IEnumerable<(int D, int I, int J, int T)> Segments(MatmulInstruction i) =>
        from d in Enumerable.Range(0, i.Digits)
        from row in Enumerable.Range(0, i.KernelRows)
        from column in Enumerable.Range(0, i.KernelColumns)
        from tile in Enumerable.Range(0, i.Tiles)
        select (d, row, column, tile);

    private int Address(MatmulInstruction i, int m, (int D, int I, int J, int T) s) =>
        i.ActivationAddress + (m / i.Columns * i.RowStride) + (m % i.Columns * i.ColumnStride) + (s.I * i.KernelRowStride) + (s.J * i.KernelColumnStride) + (s.T * _design.VectorElements);

    /// <summary>The exact sum of the lanes of one row (or step) for one vector.</summary>
    private long Products(MatmulInstruction i, (int D, int I, int J, int T) s, int m, int row, Func<int, long> weight)
    {
        long sum = 0;
        for (int lane = 0; lane < _array.Lanes; lane++)
        {
            int e = (row * _array.Lanes) + lane;
            bool masked = s.T == i.Tiles - 1 && i.LastTileElements > 0 && e >= i.LastTileElements;
            sum += masked ? 0 : Operand(i, Address(i, m, s) + e, s.D) * weight(lane);
        }

        return sum;
    }

    /// <summary>One tap of a column filter.</summary>
    private long Tap(MatmulInstruction i, (int D, int I, int J, int T) s, int m, int row, int column, int firstLine)
    {
        int taps = i.LastTileElements == 0 ? _array.Rows : i.LastTileElements;
        return row >= taps || m + row >= i.Vectors ? 0 : Operand(i, Address(i, m + row, s) + column, s.D) * Weight(firstLine + row, column * _array.Lanes);
    }

    private long Operand(MatmulInstruction i, int address, int digit)
    {
        uint element = (uint)_program.Elements[address];
        long signed = Signed(element, _design.Requantizer.ElementWidth);
        switch (_array.ProcessingElement)
        {
            case ProcessingElementKind.XnorPopcount:
                return i.ActivationSigned ? (signed >= 0 ? 1 : -1) : element >> digit & 1;
            case ProcessingElementKind.BitSerial:
                return i.ActivationSigned ? Signed(element, i.Interval) : element & ((1u << i.Interval) - 1);
            default:
                // A tensor that is wider than the array is cut: no schedule has one, and the hardware has no other choice.
                int width = _array.ActivationSigned ? _array.ActivationWidth - 1 : _array.ActivationWidth;
                return i.ActivationSigned ? Signed(element, _array.ActivationWidth) : (element >> (digit * width)) & ((1u << width) - 1);
        }
    }

    private long Weight(int line, int place)
    {
        uint code = _program.Lines[line][place];
        switch (_array.ProcessingElement)
        {
            case ProcessingElementKind.XnorPopcount:
                return code == 0 ? -1 : 1;
            case ProcessingElementKind.ShiftAdd:
                int field = _array.WeightWidth / _array.WeightTerms;
                return Enumerable.Range(0, _array.WeightTerms).Sum(term => Term(code >> (term * field) & ((1u << field) - 1), field));
            case ProcessingElementKind.Codebook:
                return Signed((uint)Enumerable.Range(0, _array.CodebookValueWidth).Sum(bit => TableBit(((int)code * _array.CodebookValueWidth) + bit) << bit), _array.CodebookValueWidth);
            default:
                return Signed(code, _array.WeightWidth);
        }
    }

    private int TableBit(int place) => (int)(_table[place / _array.WeightWidth] >> (place % _array.WeightWidth) & 1);

    private static long Term(uint field, int width)
    {
        long half = 1L << (width - 1);
        long code = field % half;
        long magnitude = code == 0 ? 0 : 1L << (int)(code - 1);
        return field >= half ? -magnitude : magnitude;
    }

    private static long Signed(uint code, int width)
    {
        long low = code & ((1L << width) - 1);
        return low >= 1L << (width - 1) ? low - (1L << width) : low;
    }

    private static long Narrow(BigInteger value, int width, OverflowMode mode)
    {
        BigInteger least = -BigInteger.Pow(2, width - 1);
        BigInteger range = BigInteger.Pow(2, width);
        return mode == OverflowMode.Saturate
            ? (long)BigInteger.Min(BigInteger.Max(value, least), -least - 1)
            : (long)((((value - least) % range + range) % range) + least);
    }

    private void Accumulate(MatmulInstruction i, int word, int lane, long sum, int digit, bool first)
    {
        int width = _array.ProcessingElement == ProcessingElementKind.XnorPopcount ? 1 : _array.ActivationSigned ? _array.ActivationWidth - 1 : _array.ActivationWidth;
        BigInteger augend = first && !i.Accumulate ? 0 : _accumulators[word, lane];
        _accumulators[word, lane] = Narrow(augend + (sum * BigInteger.Pow(2, digit * width)), _design.Accumulator.Width, _design.Accumulator.Overflow);
    }

    private void Written(long cycle, int word) => Event(cycle, "W", $"{word} {Word(word)}");

    private void Event(long cycle, string kind, object? rest = null) => _events.Add((cycle, string.Create(CultureInfo.InvariantCulture, $"{kind} {cycle}{(rest is null ? "" : $" {rest}")}")));

    private string Hex(long value) => (value & ((1L << _design.Accumulator.Width) - 1)).ToString("x" + ((_design.Accumulator.Width + 3) / 4), CultureInfo.InvariantCulture);

    private string Word(int word)
    {
        BigInteger value = 0;
        for (int c = _array.Columns - 1; c >= 0; c--)
        {
            value = (value << _design.Accumulator.Width) | (_accumulators[word, c] & ((1L << _design.Accumulator.Width) - 1));
        }

        int digits = ((_array.Columns * _design.Accumulator.Width) + 3) / 4;
        string text = value.ToString("x" + digits, CultureInfo.InvariantCulture);
        return text.Length > digits ? text[^digits..] : text;
    }
}
