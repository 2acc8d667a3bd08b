// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;

namespace AccelModel.Specification.Yaml;

/// <summary>
/// The names of an enumeration in files and reports: its C# names in snake_case (<c>HalfUp</c> is <c>half_up</c>,
/// <c>Im2col</c> is <c>im2col</c>). Numbers are not names.
/// </summary>
public static class EnumNames
{
    /// <summary>All names, in the order of declaration.</summary>
    public static ImmutableArray<string> All<T>()
        where T : struct, Enum => Table<T>.Names;

    /// <summary>The name of a value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The enumeration has no such member.</exception>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        int index = Table<T>.Values.IndexOf(value);
        return index >= 0
            ? Table<T>.Names[index]
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"not a member of {typeof(T).Name}");
    }

    /// <summary>The value of a name, which must match exactly.</summary>
    public static bool TryParse<T>(string name, out T value)
        where T : struct, Enum
    {
        int index = Table<T>.Names.IndexOf(name);
        value = index >= 0 ? Table<T>.Values[index] : default;
        return index >= 0;
    }

    /// <summary>
    /// An underscore before every capital that follows a small letter or a digit, or that begins a word after
    /// capitals; then small letters throughout.
    /// </summary>
    public static string SnakeCase(string pascalCase)
    {
        var name = new StringBuilder();
        for (int i = 0; i < pascalCase.Length; i++)
        {
            bool afterWord = i > 0 && !char.IsUpper(pascalCase[i - 1]);
            bool beforeWord = i > 0 && i + 1 < pascalCase.Length && char.IsLower(pascalCase[i + 1]);
            if (char.IsUpper(pascalCase[i]) && (afterWord || beforeWord))
            {
                name.Append('_');
            }
            name.Append(char.ToLowerInvariant(pascalCase[i]));
        }
        return name.ToString();
    }

    private static class Table<T>
        where T : struct, Enum
    {
        public static readonly ImmutableArray<T> Values = [.. Enum.GetValues<T>()];

        public static readonly ImmutableArray<string> Names = [.. Values.Select(value => SnakeCase(value.ToString()))];
    }
}
