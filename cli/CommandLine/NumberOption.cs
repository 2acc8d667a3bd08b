// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Cli.CommandLine;

/// <summary>Options that are whole numbers within limits, in decimal digits. What is not one of them ends with the limits, and nothing is thrown that a later rule of the command would meet.</summary>
public static class NumberOption
{
    /// <summary>An option whose value is null where it is not given.</summary>
    /// <param name="name">Name with dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="least">Smallest value that is allowed.</param>
    /// <param name="most">Largest.</param>
    /// <param name="helpName">What stands for the value in the help; the limits where null.</param>
    public static Option<T?> Of<T>(string name, string description, T least, T most, string? helpName = null)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        string allowed = most == T.MaxValue ? Text($"{least} or more") : Text($"{least}..{most}");
        return new(name)
        {
            Description = description,
            HelpName = helpName ?? allowed,
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out T value) && value >= least && value <= most)
                {
                    return value;
                }

                result.AddError($"{name}: found '{text}', allowed {allowed}");
                return null;
            },
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
