// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Cli.CommandLine;

/// <summary>What every command gets: where to print, whether as JSON, and when to stop.</summary>
public sealed class CommandContext : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    /// <summary>A context of the running process.</summary>
    /// <param name="json">Whether standard output is to carry one JSON object and nothing else.</param>
    public CommandContext(bool json)
    {
        Json = json;
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

    /// <summary>Progress and remarks.</summary>
    public TextWriter Log => Console.Error;

    /// <summary>Results for people: nothing when JSON is wanted.</summary>
    public TextWriter Output => Json ? TextWriter.Null : Console.Out;

    /// <summary>The repository: the folder above the executable that holds the solution, or the current one.</summary>
    public static string Repository { get; } = FindRepository();

    /// <inheritdoc/>
    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _cancellation.Dispose();
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
