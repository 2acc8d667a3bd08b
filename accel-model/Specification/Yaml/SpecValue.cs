// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace AccelModel.Specification.Yaml;

/// <summary>
/// One value on its way from text to type. Each <c>As</c> method either returns the value or records one finding and
/// returns something usable, so that reading goes on and all findings come at once.
/// </summary>
public sealed partial class SpecValue
{
    /// <summary>As the lower limit of <see cref="AsDouble"/>: any number above zero.</summary>
    public const double AboveZero = double.Epsilon;

    private const string RelativePath = "a path relative to this file";

    private readonly SpecPosition _keyPosition;
    private readonly SpecIssues _issues;
    private readonly SpecSection? _owner;
    private SpecSection? _section;
    private IReadOnlyList<SpecValue>? _items;

    internal SpecValue(SpecNode node, SpecPosition keyPosition, string keyPath, SpecIssues issues, SpecSection? owner)
    {
        Node = node;
        KeyPath = keyPath;
        _keyPosition = keyPosition;
        _issues = issues;
        _owner = owner;
    }

    /// <summary>The untyped value.</summary>
    public SpecNode Node { get; }

    /// <summary>For example <c>layers[2].array.rows</c>.</summary>
    public string KeyPath { get; }

    /// <summary>Where findings about the value are placed.</summary>
    public SpecPosition Position => Node.Position;

    /// <summary>Records a finding about this value, for rules that a type cannot say.</summary>
    public void Issue(string message) => _issues.Add(Position, KeyPath, message);

    /// <summary>A whole number in plain decimal digits.</summary>
    public int AsInt(int min = int.MinValue, int max = int.MaxValue) => (int)AsInteger(min, max, RangeText(min, max));

    /// <inheritdoc cref="AsInt"/>
    public long AsLong(long min = long.MinValue, long max = long.MaxValue) => AsInteger(min, max, RangeText(min, max));

    /// <summary>A finite decimal number, with or without exponent; both limits are allowed values.</summary>
    public double AsDouble(double min = double.MinValue, double max = double.MaxValue)
    {
        string allowed = RangeText(min, max);
        if (PlainText("a number", allowed) is not string text)
        {
            return Math.Clamp(1.0, min, max);
        }
        if (!DecimalNumber.IsMatch(text))
        {
            Refuse("not a number", allowed);
            return Math.Clamp(1.0, min, max);
        }
        double value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value) || value < min || value > max)
        {
            Refuse("out of range", allowed);
        }
        return double.IsFinite(value) ? Math.Clamp(value, min, max) : Math.Clamp(1.0, min, max);
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool AsBool()
    {
        const string allowed = "true, false";
        string? text = PlainText("true or false", allowed);
        if (text is not (null or "true" or "false"))
        {
            Refuse("not true or false", allowed);
        }
        return text == "true";
    }

    /// <summary>A text that is not empty; quotes are optional.</summary>
    public string AsString() => Text("a text", "a text");

    /// <summary>One of the given names; the first where it is something else.</summary>
    public string AsChoice(IReadOnlyList<string> names)
    {
        string allowed = string.Join(", ", names);
        if (ScalarText("a name", allowed) is not string text)
        {
            return names[0];
        }
        if (names.Contains(text))
        {
            return text;
        }
        Refuse("unknown name", allowed, NearestName.Suggestion(text, names));
        return names[0];
    }

    /// <summary>A member of an enumeration by its name in snake_case; see <see cref="EnumNames"/>.</summary>
    public T AsEnum<T>()
        where T : struct, Enum
    {
        bool known = EnumNames.TryParse(AsChoice(EnumNames.All<T>()), out T value);
        return known ? value : default;
    }

    /// <summary>A path relative to the folder of the file that names it; nothing needs to be there. "" after a finding.</summary>
    public string AsPath()
    {
        string text = Text("a path", RelativePath);
        return text.Length == 0 ? "" : Path.Combine(Path.GetDirectoryName(Position.File) ?? "", text);
    }

    /// <summary>The path of an existing file, relative to the folder of the file that names it; null after a finding.</summary>
    public string? AsFile()
    {
        string path = AsPath();
        if (path.Length == 0 || File.Exists(path))
        {
            return path.Length == 0 ? null : path;
        }
        Refuse(Directory.Exists(path) ? "a directory, not a file" : "no such file", RelativePath);
        return null;
    }

    /// <summary>A section of keys; reading goes on in an empty one where it is something else.</summary>
    public SpecSection AsSection()
    {
        if (Node is not (SpecMapping or SpecInvalid))
        {
            Refuse("not a section", "keys with values");
        }
        if (_section is null)
        {
            _section = new SpecSection(Node as SpecMapping, _keyPosition, KeyPath, _issues);
            _owner?.Adopt(_section);
        }
        return _section;
    }

    /// <summary>A list with a number of items within the limits; an empty one where it is something else.</summary>
    public IReadOnlyList<SpecValue> AsList(int minCount = 0, int maxCount = int.MaxValue)
    {
        string allowed = "a list of " + RangeText(minCount, maxCount) + " items";
        if (Node is not SpecSequence sequence)
        {
            Refuse("not a list", allowed);
            return [];
        }
        if (sequence.Items.Length < minCount || sequence.Items.Length > maxCount)
        {
            Issue($"wrong number of items, found {sequence.Items.Length}, allowed {allowed}");
        }
        return _items ??=
            [.. sequence.Items.Select((item, index) => new SpecValue(item, item.Position, $"{KeyPath}[{index}]", _issues, _owner))];
    }

    internal static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string RangeText<T>(T min, T max)
        where T : INumber<T>, IMinMaxValue<T>
    {
        string low = min is double.Epsilon ? "above 0" : $"at least {min.ToString(null, CultureInfo.InvariantCulture)}";
        string high = max.ToString(null, CultureInfo.InvariantCulture);
        return (min == T.MinValue, max == T.MaxValue) switch
        {
            (true, true) => "any",
            (true, false) => $"at most {high}",
            (false, true) => low,
            _ => min is double.Epsilon ? $"{low} up to {high}" : $"{min.ToString(null, CultureInfo.InvariantCulture)}..{high}",
        };
    }

    private long AsInteger(long min, long max, string allowed)
    {
        if (PlainText("a whole number", allowed) is not string text)
        {
            return Math.Clamp(1, min, max);
        }
        if (!WholeNumber.IsMatch(text))
        {
            Refuse("not a whole number in decimal digits", allowed);
            return Math.Clamp(1, min, max);
        }
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            bool isNegative = text[0] == '-';
            Refuse("out of range", isNegative ? allowed : Both());
            return isNegative ? min : max;
        }
        if (value < min || value > max)
        {
            Refuse("out of range", value < min ? allowed : Both());
        }
        return Math.Clamp(value, min, max);

        // "At least 1" explains nothing to somebody whose number is too large for its type.
        string Both() => string.Create(CultureInfo.InvariantCulture, $"{min}..{max}");
    }

    /// <summary>The text of a scalar, or "" after a finding.</summary>
    private string Text(string wanted, string allowed)
    {
        string? text = ScalarText(wanted, allowed);
        if (text?.Length == 0)
        {
            Refuse("empty", allowed);
        }
        return text ?? "";
    }

    /// <summary>The text of a scalar without quotes, or null after a finding.</summary>
    private string? PlainText(string wanted, string allowed)
    {
        if (Node is SpecScalar { Quoted: true })
        {
            Refuse("not " + wanted, allowed + " without quotes");
            return null;
        }
        return ScalarText(wanted, allowed);
    }

    /// <summary>The text of a scalar, or null after a finding.</summary>
    private string? ScalarText(string wanted, string allowed)
    {
        if (Node is SpecScalar { IsNull: false } scalar)
        {
            return scalar.Text;
        }
        Refuse("not " + wanted, allowed);
        return null;
    }

    private void Refuse(string wrong, string allowed, string suggestion = "")
    {
        switch (Node)
        {
            case SpecInvalid:
                break;
            case SpecMissing:
                Issue($"required key is missing, allowed {allowed}");
                break;
            default:
                Issue($"{wrong}, found {Node.Description}{suggestion}, allowed {allowed}");
                break;
        }
    }

    [GeneratedRegex(@"\A(0|-?[1-9][0-9]*)\z")]
    private static partial Regex WholeNumber { get; }

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z")]
    private static partial Regex DecimalNumber { get; }
}
