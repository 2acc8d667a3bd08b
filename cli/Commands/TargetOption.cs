// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AccelModel.Specification.Yaml;
using RtlExport.Synthesis;

namespace Cli.Commands;

/// <summary><c>--target</c>: an FPGA family by name.</summary>
public static class TargetOption
{
    /// <summary>The option.</summary>
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
