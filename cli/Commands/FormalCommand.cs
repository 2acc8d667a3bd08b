// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Reports.Tables;
using Reports.Terminal;
using RtlExport.Proofs;

namespace Cli.Commands;

/// <summary><c>codesign formal</c>: properties of the modules, proved by Yosys and z3.</summary>
public static class FormalCommand
{
    /// <summary>Limit of a proof.</summary>
    private const int Seconds = 300;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var only = new Option<string?>("--only") { Description = "Prove only what has this word in its name." };
        var rtl = new Option<string?>("--rtl") { Description = "Folder of a bundle, RUN/rtl, whose modules are proved; those of the program if not given." };
        Option<int?> timeout = NumberOption.Of("--timeout", FormattableString.Invariant($"Seconds that a proof may take; {Seconds} if not given."), 1, VerifyCommand.MostSeconds, "SECONDS");
        return new Command("formal", "Prove the requantiser, the products, the semaphores, the port and the delay lines for every input, within bounds.") { only, rtl, timeout }.Does((parsed, context) =>
        {
            string[] names = [.. ProofCatalogue.All.Select(proof => proof.Name)];
            string? word = parsed.GetValue(only);
            Proof[] wanted = [.. ProofCatalogue.All.Where(proof => word is null || proof.Name.Contains(word, StringComparison.Ordinal))];
            if (wanted.Length == 0)
            {
                string suggestion = NearestName.Suggestion(word!, names);
                throw new CommandException(ExitCode.BadInput, $"--only: no such proof, found '{word}'{suggestion}, allowed a part of {string.Join(", ", names)}");
            }

            if (parsed.GetValue(rtl) is string folder)
            {
                foreach (string module in wanted.SelectMany(proof => proof.Modules).Where(module => !File.Exists(Path.Combine(folder, module + ".sv"))))
                {
                    throw new CommandException(ExitCode.BadInput, $"{folder}: no RTL bundle, found no {module}.sv, allowed the folder RUN/rtl that run or export wrote");
                }
            }

            return Run(wanted, parsed.GetValue(rtl), TimeSpan.FromSeconds(parsed.GetValue(timeout) ?? Seconds), context);
        });
    }

    private static int Run(Proof[] wanted, string? rtl, TimeSpan timeout, CommandContext context)
    {
        Prover.RequireTools();
        List<ProofResult> results = [];
        using (var progress = new TerminalProgress("formal", wanted.Length, "proofs", context.Log))
        {
            foreach (Proof proof in wanted)
            {
                results.Add(Prover.Prove(proof, rtl, timeout, context.Cancellation));
                progress.Report(results.Count, proof.Name);
            }
        }

        int failed = results.Count(result => result.Verdict != ProofVerdict.Proved);
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Proofs = results.Select(result => new { result.Proof.Name, result.Proof.Property, result.Proof.Modules, result.Proof.Cycles, result.Verdict, result.Counterexample }),
                    Proved = results.Count - failed,
                    Failed = failed,
                },
                RunSummary.JsonOptions));
        }

        context.Output.Write(TerminalTable.Format(
            Table.Of(results,
            [
                new("proof", "", result => result.Proof.Name),
                new("for every input", "", result => result.Proof.Cycles == 2 ? "and word" : FormattableString.Invariant($"of {result.Proof.Cycles} cycles")),
                new("verdict", "", result => EnumNames.Of(result.Verdict)),
                new("time", "s", result => Math.Round(result.Seconds, 1)),
            ]),
            TerminalStyle.ForStandardOutput));
        foreach (ProofResult result in results.Where(result => result.Verdict != ProofVerdict.Proved))
        {
            context.Fail($"{result.Proof.Name}: {EnumNames.Of(result.Verdict)}{(result.Counterexample.Length > 0 ? ": " + result.Counterexample : "")}");
        }

        context.Output.WriteLine(FormattableString.Invariant($"{results.Count - failed} proved, {failed} not"));
        return failed == 0 ? ExitCode.Success : ExitCode.CheckFailed;
    }
}
