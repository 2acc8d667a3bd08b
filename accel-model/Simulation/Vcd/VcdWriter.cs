// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AccelModel.Simulation.Vcd;

/// <summary>
/// A value change dump (IEEE 1364-2005, section 18): signals are declared, then written where they change. Time is counted in cycles, one nanosecond each, so that a viewer's
/// cursor shows the cycle. Texts use the <c>string</c> variables of GTKWave and its successors.
/// </summary>
/// <param name="output">Where it goes.</param>
public sealed class VcdWriter(TextWriter output)
{
    private const int FirstCode = '!';
    private const int Codes = '~' - FirstCode + 1;
    private readonly List<Signal> _signals = [];
    private long _time = -1;
    private bool _begun;

    /// <summary>Declares a signal of <paramref name="width"/> bits; returns its number.</summary>
    /// <param name="scope">Names from the outermost scope on, joined by dots.</param>
    /// <param name="name">Its own name.</param>
    /// <param name="width">Bits, 1..64.</param>
    public int Wire(string scope, string name, int width) => Declare(new(scope, name, width, Code(_signals.Count)));

    /// <summary>Declares a text; returns its number.</summary>
    public int Text(string scope, string name) => Declare(new(scope, name, 0, Code(_signals.Count)));

    /// <summary>Everything from here on is at this time; it never falls.</summary>
    public void At(long time)
    {
        if (!_begun)
        {
            WriteHeader();
            _begun = true;
        }
        _time = time;
    }

    /// <summary>The value of a signal; null is unknown.</summary>
    public void Set(int signal, long? value)
    {
        Signal at = _signals[signal];
        Change(at, value is { } bits ? Bits(bits, at.Width) : at.Width == 1 ? "x" : "bx ");
    }

    /// <summary>The value of a text without blanks.</summary>
    public void Set(int signal, string text) => Change(_signals[signal], $"s{text} ");

    /// <summary>The last value of every signal lasts until this time.</summary>
    public void End(long time)
    {
        At(time);
        WriteTime();
        output.Flush();
    }

    private static string Bits(long value, int width)
    {
        if (width == 1)
        {
            return (value & 1) == 0 ? "0" : "1";
        }
        string digits = (width == 64 ? value : value & ((1L << width) - 1)).ToString("b", CultureInfo.InvariantCulture);
        return $"b{digits} ";
    }

    /// <summary>Printable characters as digits, the lowest first.</summary>
    private static string Code(int number)
    {
        string code = "";
        do
        {
            code += (char)(FirstCode + (number % Codes));
            number /= Codes;
        }
        while (number > 0);
        return code;
    }

    private int Declare(Signal signal)
    {
        _signals.Add(signal);
        return _signals.Count - 1;
    }

    private void Change(Signal signal, string value)
    {
        if (signal.Last == value)
        {
            return;
        }
        signal.Last = value;
        WriteTime();
        output.Write($"{value}{signal.Code}\n");
    }

    private void WriteTime()
    {
        if (_time >= 0)
        {
            output.Write(string.Create(CultureInfo.InvariantCulture, $"#{_time}\n"));
            _time = -1;
        }
    }

    private void WriteHeader()
    {
        output.Write("$comment one nanosecond is one clock cycle $end\n$timescale 1 ns $end\n");
        string[] open = [];
        foreach (Signal signal in _signals)
        {
            string[] scope = signal.Scope.Split('.');
            int common = open.Zip(scope).TakeWhile(pair => pair.First == pair.Second).Count();
            output.Write(string.Concat(Enumerable.Repeat("$upscope $end\n", open.Length - common)));
            output.Write(string.Concat(scope.Skip(common).Select(name => $"$scope module {name} $end\n")));
            open = scope;
            output.Write(signal.Width == 0 ? $"$var string 1 {signal.Code} {signal.Name} $end\n" : $"$var wire {signal.Width} {signal.Code} {signal.Name} $end\n");
        }
        output.Write(string.Concat(Enumerable.Repeat("$upscope $end\n", open.Length)));
        output.Write("$enddefinitions $end\n");
    }

    private sealed record Signal(string Scope, string Name, int Width, string Code)
    {
        public string? Last { get; set; }
    }
}
