// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Cli.CommandLine;

/// <summary>Connects parsed arguments with a command's work: options common to all, errors and exit codes.</summary>
public static class CommandRunner
{
    /// <summary><c>--json</c>, known to every command.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON object on standard output; everything else goes to standard error.",
        Recursive = true,
    };

    /// <summary>Sets what <paramref name="command"/> does.</summary>
    public static Command Does(this Command command, Func<ParseResult, CommandContext, int> work)
    {
        command.SetAction(parsed =>
        {
            using var context = new CommandContext(parsed.GetValue(Json));
            try
            {
                return work(parsed, context);
            }
            catch (Exception exception)
            {
                return ErrorReport.Print(Unwrap(exception), context.Log);
            }
        });
        return command;
    }

    /// <summary>Parses and runs; usage errors end with <see cref="ExitCode.BadInput"/>.</summary>
    public static int Run(RootCommand root, string[] arguments)
    {
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
            {
                Console.Error.WriteLine($"error: {error.Message}");
            }

            Console.Error.WriteLine("  codesign --help lists commands, codesign COMMAND --help its options");
            return ExitCode.BadInput;
        }

        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static Exception Unwrap(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var only] } => Unwrap(only),
        AggregateException { InnerExceptions: [OperationCanceledException first, ..] } => first,
        _ => exception,
    };
}
