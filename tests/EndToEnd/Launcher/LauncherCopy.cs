// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using EndToEnd.House;

namespace EndToEnd.Launcher;

/// <summary>What a run of the launcher left.</summary>
internal sealed record LauncherResult(int ExitCode, string Output, string Error)
{
    /// <summary>Lines of standard output.</summary>
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>
/// The launcher in a small checkout of its own, whose path has spaces, with a <c>PATH</c> that holds only what the test put there: links to the system's
/// basic tools and scripts that stand for <c>dotnet</c>, <c>apt-get</c> and <c>id</c>.
/// </summary>
internal sealed class LauncherCopy : IDisposable
{
    private static readonly string[] BasicTools =
    [
        "awk", "bash", "cat", "cksum", "env", "find", "flock", "grep", "head", "id", "mkdir", "mv", "readlink", "rm", "sed", "sleep", "sort", "stat", "tail", "tee",
        "timeout", "touch",
    ];

    // Calls are noted with their arguments between bars. `restore` finds only the packages of `packages`; `build` prints `build-output` and ends as
    // `build-status` says; `test` prints the output prepared for its assembly; anything else is the program, which shows its arguments.
    private const string Dotnet = """
        #!/usr/bin/env bash
        fake="${BASH_SOURCE[0]%/*/*}/fake"
        printf '%s|\n' "$(printf '|%s' "$@")" >>"$fake/calls"
        case "$1" in
          restore)
            if [ -f "$fake/offline" ]; then echo "error NU1301: Unable to load the service index."; exit 1; fi
            package="$(sed -E 's/.*(PackageDownload|PackageReference) Include="([^"]*)".*/\2/;t;d' "$2")"
            grep -qx "$package" "$fake/packages" && exit 0
            echo "error NU1101: Unable to find package $package."
            exit 1 ;;
          build)
            [ ! -f "$fake/build-script" ] || . "$fake/build-script"
            cat "$fake/build-output" 2>/dev/null
            status="$(cat "$fake/build-status" 2>/dev/null || echo 0)"
            [ "$status" = 0 ] || exit "$status"
            root="${BASH_SOURCE[0]%/*/*}/checkout of a user"
            mkdir -p "$root/cli/bin/Release/net10.0"
            : >"$root/cli/bin/Release/net10.0/codesign.dll" ;;
          test)
            name="${2##*/}"
            [ ! -f "$fake/test-script" ] || . "$fake/test-script"
            cat "$fake/$name.output"
            exit "$(cat "$fake/$name.status" 2>/dev/null || echo 0)" ;;
          *)
            shift
            for argument in "$@"; do printf '<%s>\n' "$argument"; done
            exit "$(cat "$fake/program-status" 2>/dev/null || echo 0)" ;;
        esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("codesign launcher ").FullName;

    public LauncherCopy()
    {
        foreach (string folder in new[] { "accel-model", "nn-train", "rtl-export", "reports", "cli", "tests/One.Tests", "tests/Two.Tests", "tests/Benchmarks" })
        {
            Directory.CreateDirectory(Path.Combine(Root, folder));
        }

        Directory.CreateDirectory(Path.Combine(_folder, "tools"));
        Directory.CreateDirectory(Path.Combine(_folder, "fake"));
        foreach (string tool in BasicTools)
        {
            File.CreateSymbolicLink(Path.Combine(_folder, "tools", tool), Find(tool));
        }

        File.Copy(Repository.PathOf("codesign"), Path.Combine(Root, "codesign"));
        File.Copy(Repository.PathOf("Directory.Packages.props"), Path.Combine(Root, "Directory.Packages.props"));
        Write("accel-model/A.cs", "class A;");
        foreach (string name in new[] { "One.Tests", "Two.Tests" })
        {
            Write($"tests/{name}/{name}.csproj", """<PackageReference Include="Microsoft.NET.Test.Sdk" />""");
        }

        Write("tests/Benchmarks/Benchmarks.csproj", "");
        Tool("dotnet", Dotnet);
        Fake("packages", "");
        Fake("calls", "");
    }

    /// <summary>The checkout.</summary>
    public string Root => Path.Combine(_folder, "checkout of a user");

    /// <summary>Calls of <c>dotnet</c> since the last look, those of <paramref name="verb"/> only.</summary>
    public string[] Calls(string verb)
    {
        string file = Path.Combine(_folder, "fake", "calls");
        string[] calls = File.ReadAllLines(file);
        return [.. calls.Where(call => call.StartsWith($"|{verb}|", StringComparison.Ordinal))];
    }

    /// <summary>Writes a file of the checkout.</summary>
    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Root, name), text);

    /// <summary>Removes a file of the checkout.</summary>
    public void Delete(string name) => File.Delete(Path.Combine(Root, name));

    /// <summary>Prepares what the scripts read.</summary>
    public void Fake(string name, string text) => File.WriteAllText(Path.Combine(_folder, "fake", name), text);

    /// <summary>Removes what the scripts read.</summary>
    public void Unfake(string name) => File.Delete(Path.Combine(_folder, "fake", name));

    /// <summary>What a script wrote, or nothing.</summary>
    public string Faked(string name) => File.Exists(Path.Combine(_folder, "fake", name)) ? File.ReadAllText(Path.Combine(_folder, "fake", name)) : "";

    /// <summary>Puts a script on the <c>PATH</c>.</summary>
    public void Tool(string name, string script)
    {
        string path = Path.Combine(_folder, "tools", name);
        File.Delete(path);
        File.WriteAllText(path, script.ReplaceLineEndings("\n") + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Takes a tool off the <c>PATH</c>.</summary>
    public void RemoveTool(string name) => File.Delete(Path.Combine(_folder, "tools", name));

    /// <summary>A link to the launcher from another folder.</summary>
    public string Link()
    {
        string link = Path.Combine(_folder, "a link");
        File.CreateSymbolicLink(link, Path.Combine("checkout of a user", "codesign"));
        return link;
    }

    /// <summary>Runs the launcher; nothing is installed.</summary>
    public LauncherResult Run(params string[] arguments) => Wait(Start(Path.Combine(Root, "codesign"), arguments));

    /// <summary>Runs the launcher by <paramref name="path"/> or with other environment variables.</summary>
    public LauncherResult RunWith(Dictionary<string, string> environment, string? path, params string[] arguments) =>
        Wait(Start(path ?? Path.Combine(Root, "codesign"), arguments, environment));

    /// <summary>Starts the launcher.</summary>
    public Process Start(string path, string[] arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        start.Environment.Clear();
        start.Environment["PATH"] = Path.Combine(_folder, "tools");
        start.Environment["HOME"] = _folder;
        foreach ((string name, string value) in environment ?? new() { ["CODESIGN_NO_INSTALL"] = "1" })
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>What a started launcher leaves.</summary>
    public static LauncherResult Wait(Process process)
    {
        using (process)
        {
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new(process.ExitCode, output, error.Result);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':').Select(folder => Path.Combine(folder, tool)).First(File.Exists);
}
