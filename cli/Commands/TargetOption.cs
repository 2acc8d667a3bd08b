// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AccelModel.Costs;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Devices;
using RtlExport.Synthesis;

namespace Cli.Commands;

/// <summary><c>--target</c> and <c>--device</c>: an FPGA family by name, or by one of its devices.</summary>
public static class TargetOption
{
    /// <summary><c>--device</c>.</summary>
    public static Option<string?> CreateDevice() => new("--device")
    {
        Description = "Also says whether this device holds the design (codesign devices); its family is then the target.",
    };

    /// <summary>The family, and the device where one is named.</summary>
    /// <exception cref="CommandException">There is no such device, or it is of another family than the one that is named.</exception>
    public static (SynthesisTarget Family, Device? Part) Choose(ParseResult parsed, Option<SynthesisTarget> target, Option<string?> device)
    {
        SynthesisTarget named = parsed.GetValue(target)!;
        if (parsed.GetValue(device) is not string name)
        {
            return (named, null);
        }

        Device part = DeviceCatalogue.Load(name);
        return parsed.CommandResult.IsGiven(target) && named.Name != part.Target
            ? throw new CommandException(ExitCode.BadInput, $"{target.Name}: found {named.Name}, allowed {part.Target}, the family of {name}, or none")
            : (SynthesisTarget.Find(part.Target)!, part);
    }

    /// <summary><c>--target</c>.</summary>
    public static Option<SynthesisTarget> Create()
    {
        string[] names = [.. SynthesisTarget.All.Select(target => target.Name)];
        string allowed = string.Join(", ", names);
        return new("--target")
        {
            Description = $"FPGA family. One of {allowed}; {SynthesisTarget.Xc7.Name} if not given.",
            HelpName = string.Join('|', names),
            DefaultValueFactory = _ => SynthesisTarget.Xc7,
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                SynthesisTarget? target = SynthesisTarget.Find(text);
                if (target is null)
                {
                    string suggestion = NearestName.Suggestion(text, names);
                    result.AddError($"--target: unknown name, found '{text}'{suggestion}, allowed {allowed}");
                }

                return target ?? SynthesisTarget.Xc7;
            },
        };
    }
}
