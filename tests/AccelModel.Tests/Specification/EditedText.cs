// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace AccelModel.Tests.Specification;

/// <summary>A sound file with one thing changed, and where in it a text is.</summary>
internal static class EditedText
{
    /// <summary>The first occurrence replaced; it must be there.</summary>
    public static string Replaced(string text, string from, string to)
    {
        int index = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(index >= 0, $"the text does not have {from}");
        return text[..index] + to + text[(index + from.Length)..];
    }

    /// <summary>Line and column of the first occurrence, from 1.</summary>
    public static (int Line, int Column) PlaceOf(string text, string place)
    {
        int index = text.IndexOf(place, StringComparison.Ordinal);
        Assert.True(index >= 0, $"the text does not have {place}");
        return (text[..index].Count(letter => letter == '\n') + 1, index - text.LastIndexOf('\n', index));
    }
}
