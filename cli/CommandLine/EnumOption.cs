// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AccelModel.Specification.Yaml;

namespace Cli.CommandLine;

/// <summary>Options that are one of a few names, spelled as in files: snake case, no numbers.</summary>
public static class EnumOption
{
    /// <summary>An option whose value is null where it is not given; <paramref name="otherwise"/> is what the help says that is then taken.</summary>
    public static Option<T?> Of<T>(string name, string description, T otherwise)
        where T : struct, Enum
    {
        string allowed = string.Join(", ", EnumNames.All<T>());
        return new(name)
        {
            Description = $"{description} One of {allowed}; {EnumNames.Of(otherwise)} if not given.",
            HelpName = string.Join('|', EnumNames.All<T>()),
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (!EnumNames.TryParse(text, out T value))
                {
                    string suggestion = NearestName.Suggestion(text, EnumNames.All<T>());
                    result.AddError($"{name}: unknown name, found '{text}'{suggestion}, allowed {allowed}");
                }

                return value;
            },
        };
    }
}
