// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Xunit;

namespace EndToEnd.Cli;

/// <summary>How a command ended and what it wrote.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as one JSON object and nothing else.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>The lines of standard error that are findings, without <c>error: </c>.</summary>
    public IReadOnlyList<string> Findings =>
        [.. Error.Split('\n').Where(line => line.StartsWith("error: ", StringComparison.Ordinal)).Select(line => line["error: ".Length..])];

    /// <summary>This result, which must be a success.</summary>
    public CommandResult Succeeded() => Ended(0);

    /// <summary>This result, which must have the exit code and no stack trace.</summary>
    public CommandResult Ended(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}\n{Output}\n{Error}");
        Assert.DoesNotMatch(@"(?m)^\s+at \S+\(", Output + Error);
        Assert.DoesNotContain("internal:", Error);
        return this;
    }
}

/// <summary>The built command as its users meet it: a process with arguments, two streams and an exit code.</summary>
internal sealed class Codesign : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private Codesign(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it still runs.</summary>
    public bool Running => !_process.HasExited;

    /// <summary>Runs a command to its end.</summary>
    public static CommandResult Run(Workspace place, params string[] arguments) => Run(place, [], arguments);

    /// <summary>Runs a command to its end with some environment variables set.</summary>
    public static CommandResult Run(Workspace place, (string Name, string Value)[] environment, params string[] arguments)
    {
        using Codesign command = Start(place, environment, arguments);
        return command.Wait();
    }

    /// <summary>Starts a command.</summary>
    public static Codesign Start(Workspace place, (string Name, string Value)[] environment, params string[] arguments)
    {
        // A parent that ignores SIGINT, such as a shell's background job, hands that on; env takes it back.
        var start = new ProcessStartInfo("/usr/bin/env")
        {
            WorkingDirectory = place.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])["--default-signal=INT", DotnetHost, Path.Combine(AppContext.BaseDirectory, "codesign.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("CODESIGN_DEBUG");
        start.Environment["CODESIGN_DATA"] = place.Data;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process);
    }

    /// <summary>Waits for the end.</summary>
    public CommandResult Wait()
    {
        if (!_process.WaitForExit(Limit))
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"still running after {Limit}: {_error.Result}");
        }

        return new(_process.ExitCode, _output.Result, _error.Result);
    }

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => Signal(_process.Id, 2);

    /// <summary><c>kill -9</c>.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Running)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    /// <summary>The dotnet that runs these tests.</summary>
    private static string DotnetHost { get; } = Environment.ProcessPath is string path && Path.GetFileNameWithoutExtension(path) == "dotnet"
        ? path
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
