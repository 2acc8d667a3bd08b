// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Cli.CommandLine;

/// <summary>Options that are numbers within limits, in decimal digits. What is not one of them ends with the limits, and nothing is thrown that a later rule of the command would meet.</summary>
public static class NumberOption
{
    /// <summary>An option that is a whole number; null where it is not given.</summary>
    /// <param name="name">Name with dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="least">Smallest value that is allowed.</param>
    /// <param name="most">Largest.</param>
    /// <param name="helpName">What stands for the value in the help; the limits where null.</param>
    public static Option<T?> Of<T>(string name, string description, T least, T most, string? helpName = null)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        string allowed = most == T.MaxValue ? Text($"{least} or more") : Text($"{least}..{most}");
        return Of<T>(name, description, text => T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out T value) && value >= least && value <= most ? value : null, allowed, helpName);
    }

    /// <summary>An option that is a number with or without a fraction, written without an exponent; null where it is not given.</summary>
    /// <param name="name">Name with dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="least">Smallest value that is allowed.</param>
    /// <param name="most">Largest; infinity for none.</param>
    /// <param name="above">Whether <paramref name="least"/> itself is not allowed.</param>
    /// <param name="helpName">What stands for the value in the help; the limits where null.</param>
    public static Option<double?> Real(string name, string description, double least, double most, bool above = false, string? helpName = null)
    {
        string allowed = double.IsPositiveInfinity(most) ? Text($"{least} or more") : above ? Text($"above {least} up to {most}") : Text($"{least}..{most}");
        return Of<double>(
            name,
            description,
            text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && (above ? value > least : value >= least) && value <= most ? value : null,
            allowed,
            helpName);
    }

    private static Option<T?> Of<T>(string name, string description, Func<string, T?> read, string allowed, string? helpName)
        where T : struct => new(name)
        {
            Description = description,
            HelpName = helpName ?? allowed,
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                T? value = read(text);
                if (value is null)
                {
                    result.AddError($"{name}: found '{text}', allowed {allowed}");
                }

                return value;
            },
        };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
