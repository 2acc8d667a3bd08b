// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using AccelModel.Networks;
using Cli.CommandLine;
using Cli.Experiments;

namespace Cli.Commands;

/// <summary>Where input codes come from: a file, or random ones of a seed.</summary>
public sealed class InputOptions
{
    private const int MaxRandomImages = 100_000;

    /// <summary>A file of codes.</summary>
    public Option<string?> File { get; } = new("--input") { Description = "Input codes, integers in .npy, [..., height, width, channels]." };

    /// <summary>A seed.</summary>
    public Option<ulong?> Random { get; } = NumberOption.Of("--random-input", "In place of --input: random codes of this seed.", 0UL, ulong.MaxValue);

    /// <summary>How many random images.</summary>
    public Option<int?> Images { get; } = NumberOption.Of("--images", "With --random-input: how many images; 1 if not given.", 1, MaxRandomImages);

    /// <summary>Adds the options and their rules to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(File);
        command.Options.Add(Random);
        command.Options.Add(Images);
        command.Validators.Add(Check);
    }

    /// <summary>The codes that a command line means; null where it says nothing.</summary>
    /// <exception cref="CommandLine.CommandException">The file does not fit the input.</exception>
    public InputCodes? Read(ParseResult parsed, TensorSpec input) =>
        parsed.GetValue(Random) is ulong seed ? InputCodes.Random(seed, ImagesOf(parsed), input) : parsed.GetValue(File) is string file ? InputCodes.Load(file, input) : null;

    /// <summary>Whether there are codes.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(Random) is not null || parsed.GetValue(File) is not null;

    /// <summary>Refuses options that mean nothing without codes, where there are none.</summary>
    public void Require(CommandResult result, IReadOnlyList<Option> dependent)
    {
        foreach (Option option in result.IsGiven(File) || result.IsGiven(Random) ? [] : dependent.Where(option => result.IsGiven(option)))
        {
            result.AddError($"Option '{option.Name}' cannot be used without '{File.Name}' or '{Random.Name}'.");
        }
    }

    /// <summary>Random images that are asked for.</summary>
    public int ImagesOf(ParseResult parsed) => parsed.GetValue(Images) ?? 1;

    private void Check(CommandResult result)
    {
        bool random = result.IsGiven(Random);
        if (random && result.IsGiven(File))
        {
            result.AddError($"Option '{Random.Name}' cannot be used with '{File.Name}'.");
        }

        if (!random && result.IsGiven(Images))
        {
            result.AddError($"Option '{Images.Name}' cannot be used without '{Random.Name}'.");
        }
    }
}
