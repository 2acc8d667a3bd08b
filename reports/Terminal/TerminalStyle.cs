// SPDX-License-Identifier: Apache-2.0
namespace Reports.Terminal;

/// <summary>What a stream's reader can show.</summary>
/// <param name="Box">Lines of box-drawing characters; without, columns are separated by spaces.</param>
/// <param name="Color">ANSI colours.</param>
public sealed record TerminalStyle(bool Box, bool Color)
{
    /// <summary>Characters to a line; without end for files and pipes.</summary>
    public int Columns { get; init; } = int.MaxValue;

    /// <summary>For files, pipes and dumb terminals.</summary>
    public static TerminalStyle Plain { get; } = new(Box: false, Color: false);

    /// <summary>For a person at a terminal.</summary>
    public static TerminalStyle Rich { get; } = new(Box: true, Color: true);

    /// <summary>The style for standard output.</summary>
    public static TerminalStyle ForStandardOutput { get; } = Choose(!Console.IsOutputRedirected, Environment.GetEnvironmentVariable).AsWideAsTheWindow();

    /// <summary>The style for standard error.</summary>
    public static TerminalStyle ForStandardError { get; } = Choose(!Console.IsErrorRedirected, Environment.GetEnvironmentVariable).AsWideAsTheWindow();

    /// <summary>
    /// Plain unless a terminal reads. NO_COLOR, when set and not empty, takes the colours (no-color.org); TERM=dumb takes everything.
    /// </summary>
    public static TerminalStyle Choose(bool isTerminal, Func<string, string?> environment) =>
        !isTerminal || environment("TERM") == "dumb" ? Plain : new TerminalStyle(Box: true, Color: string.IsNullOrEmpty(environment("NO_COLOR")));

    /// <summary>The text in bold.</summary>
    public string Bold(string text) => Paint(text, "1");

    /// <summary>The text, less prominent.</summary>
    public string Dim(string text) => Paint(text, "2");

    /// <summary>The text in green: passed.</summary>
    public string Good(string text) => Paint(text, "32");

    /// <summary>The text in red: failed.</summary>
    public string Bad(string text) => Paint(text, "31");

    private TerminalStyle AsWideAsTheWindow()
    {
        // A terminal that does not tell its width says 0.
        int width = Box ? Console.WindowWidth : 0;
        return width > 0 ? this with { Columns = width } : this;
    }

    private string Paint(string text, string code) => Color ? $"\e[{code}m{text}\e[0m" : text;
}
