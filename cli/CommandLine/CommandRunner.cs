// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AccelModel.Specification.Yaml;

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

    /// <summary><c>--log</c>, known to every command.</summary>
    public static Option<string?> LogFile { get; } = new("--log")
    {
        Description = "Also append what happens to this file, with level and time.",
        Recursive = true,
    };

    /// <summary>Sets what <paramref name="command"/> does.</summary>
    public static Command Does(this Command command, Func<ParseResult, CommandContext, int> work)
    {
        command.SetAction(parsed =>
        {
            using var context = new CommandContext(parsed.GetValue(Json), parsed.GetValue(LogFile));
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
        if (parsed.Errors.Count > 0 || arguments.Contains(""))
        {
            foreach (string error in Errors(parsed))
            {
                Console.Error.WriteLine($"error: {error}");
            }

            Console.Error.WriteLine("  codesign --help lists commands, codesign COMMAND --help its options");
            return ExitCode.BadInput;
        }

        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static IEnumerable<string> Errors(ParseResult parsed)
    {
        if (parsed.Tokens.Any(token => token.Value.Length == 0))
        {
            return ["an argument is empty"];
        }

        string[] commands = [.. parsed.CommandResult.Command.Subcommands.Select(command => command.Name)];
        if (commands.Length == 0 || parsed.CommandResult.Command.Arguments.Count > 0)
        {
            return parsed.Errors.Select(error => error.Message);
        }

        if (parsed.UnmatchedTokens is not [string found, ..])
        {
            return [$"a command is missing, allowed {string.Join(", ", commands)}"];
        }

        string suggestion = NearestName.Suggestion(found, commands);
        return [$"unknown command, found '{found}'{suggestion}, allowed {string.Join(", ", commands)}"];
    }

    /// <summary>Of several at once the one that says most to the user.</summary>
    internal static Exception Unwrap(Exception exception) => exception is not AggregateException several
        ? exception
        : several.Flatten().InnerExceptions.OrderBy(inner => inner switch { OperationCanceledException => 0, CommandException => 1, IOException => 2, _ => 3 }).First();
}
