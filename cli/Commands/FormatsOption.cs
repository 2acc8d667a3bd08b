// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using RtlExport.Formats;
using RtlExport.Vectors;

namespace Cli.Commands;

/// <summary>The option <c>--format</c>: in which formats, beside memory images, vectors are written.</summary>
internal static class FormatsOption
{
    private const string Name = "--format";

    /// <summary>What stands for memory images, which are always written.</summary>
    private const string Memh = "memh";

    /// <summary>The option.</summary>
    public static Option<string> Create() => new(Name)
    {
        Description = $"Formats of the vectors, joined by commas: {Allowed}. {Memh} is always written; {Default} if not given.",
        HelpName = "A,B",
    };

    /// <summary>The formats; those of <see cref="BundleContent.Default"/> where the option is not given.</summary>
    /// <exception cref="CommandException">A name is none of the formats'.</exception>
    public static ImmutableArray<VectorFormat> Read(string? text)
    {
        if (text is null)
        {
            return BundleContent.Default.Formats;
        }

        var formats = ImmutableArray.CreateBuilder<VectorFormat>();
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries).Where(name => name != Memh))
        {
            formats.Add(EnumNames.TryParse(name, out VectorFormat format)
                ? format
                : throw new CommandException(ExitCode.BadInput, $"{Name}: unknown name, found '{name}'{NearestName.Suggestion(name, EnumNames.All<VectorFormat>())}, allowed {Allowed}"));
        }

        return formats.ToImmutable();
    }

    private static string Allowed => string.Join(", ", EnumNames.All<VectorFormat>().Prepend(Memh));

    private static string Default => string.Join(',', BundleContent.Default.Formats.Select(EnumNames.Of));
}
