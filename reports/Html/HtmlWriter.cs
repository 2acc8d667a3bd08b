// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Reports.Html;

/// <summary>Writes elements and escapes everything that is not one. Every element is closed, so a page is also well-formed XML up to its doctype.</summary>
internal sealed class HtmlWriter
{
    private static readonly HashSet<string> Void = ["meta", "img", "br", "wbr"];
    private readonly StringBuilder text = new();
    private readonly Stack<string> open = new();

    /// <summary>Opens an element with attributes; a null value leaves the attribute out.</summary>
    public HtmlWriter Open(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        text.Append('<').Append(element);
        foreach ((string name, string? value) in attributes)
        {
            if (value is not null)
            {
                text.Append(' ').Append(name).Append("=\"").Append(Escape(value)).Append('"');
            }
        }

        if (Void.Contains(element))
        {
            text.Append("/>");
        }
        else
        {
            text.Append('>');
            open.Push(element);
        }

        return this;
    }

    /// <summary>Closes the innermost open element.</summary>
    public HtmlWriter Close()
    {
        text.Append("</").Append(open.Pop()).Append('>');
        return this;
    }

    /// <summary>Closes the innermost open element and ends the line.</summary>
    public HtmlWriter CloseLine()
    {
        Close();
        text.Append('\n');
        return this;
    }

    /// <summary>An element that holds only text.</summary>
    public HtmlWriter Element(string element, string content, params ReadOnlySpan<(string Name, string? Value)> attributes) =>
        Open(element, attributes).Text(content).Close();

    /// <summary>Text that may be a name like <c>input_stationary</c>, wider than its column: it can break behind each underscore.</summary>
    public HtmlWriter Name(string content)
    {
        string[] parts = content.Split('_');
        for (int i = 0; i < parts.Length - 1; i++)
        {
            Text(parts[i] + "_").Open("wbr");
        }

        return Text(parts[^1]);
    }

    /// <summary>Text, escaped.</summary>
    public HtmlWriter Text(string content)
    {
        text.Append(Escape(content));
        return this;
    }

    /// <summary>The content of a script or style element, which HTML does not unescape.</summary>
    /// <exception cref="ArgumentException">It would end its element.</exception>
    public HtmlWriter Raw(string content)
    {
        if (content.Contains("</script", StringComparison.OrdinalIgnoreCase) || content.Contains("</style", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException("the text would end the element that it stands in");
        }

        text.Append(content);
        return this;
    }

    /// <summary>The page so far.</summary>
    public override string ToString() => open.Count == 0 ? text.ToString() : throw new InvalidOperationException($"<{open.Peek()}> is still open");

    private static string Escape(string content) =>
        content.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");
}
