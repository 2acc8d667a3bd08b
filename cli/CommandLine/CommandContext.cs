// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.SystemConsole.Themes;

namespace Cli.CommandLine;

/// <summary>What every command gets: where to print, whether as JSON, and when to stop.</summary>
public sealed class CommandContext : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Lazy<Logger> _logger;

    /// <summary>A context of the running process.</summary>
    /// <param name="json">Whether standard output is to carry one JSON object and nothing else.</param>
    /// <param name="logFile">A file that gets the sentences, too, with level and time; null for none.</param>
    public CommandContext(bool json, string? logFile = null)
    {
        Json = json;
        _logger = new(() => CreateLogger(logFile));
        foreach (PosixSignal signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                // The first signal lets the stage come to a safe point; a second one ends the process as usual.
                context.Cancel = !_cancellation.IsCancellationRequested;
                _cancellation.Cancel();
            }));
        }
    }

    /// <summary>Whether standard output carries one JSON object.</summary>
    public bool Json { get; }

    /// <summary>Set on Ctrl-C and SIGTERM.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Progress bars.</summary>
    public TextWriter Log => Console.Error;

    /// <summary>What happens, in sentences.</summary>
    public void Tell(string text) => _logger.Value.Information("{Text:l}", text);

    /// <summary>What the user should know before trusting the result.</summary>
    public void Warn(string text) => _logger.Value.Warning("{Text:l}", text);

    /// <summary>What went wrong; the line begins with <c>error: </c>.</summary>
    public void Fail(string text) => _logger.Value.Error("{Text:l}", "error: " + text);

    /// <summary>Results for people: nothing when JSON is wanted.</summary>
    public TextWriter Output => Json ? TextWriter.Null : Console.Out;

    /// <summary>The repository: the folder above the executable that holds the solution, or the current one.</summary>
    public static string Repository { get; } = FindRepository();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_logger.IsValueCreated)
        {
            _logger.Value.Dispose();
        }

        _signals.ForEach(signal => signal.Dispose());
        _cancellation.Dispose();
    }

    private static Logger CreateLogger(string? file)
    {
        LoggerConfiguration configuration = new LoggerConfiguration()
            .WriteTo.Console(outputTemplate: "{Message:lj}{NewLine}", standardErrorFromLevel: LogEventLevel.Verbose, theme: ConsoleTheme.None);
        if (file is not null)
        {
            configuration.WriteTo.File(
                file, outputTemplate: "{Timestamp:yyyy-MM-ddTHH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}", formatProvider: CultureInfo.InvariantCulture);
        }

        return configuration.CreateLogger();
    }

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CoDesign.sln")))
            {
                return folder.FullName;
            }
        }

        return Directory.GetCurrentDirectory();
    }
}
