// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using RtlExport.Parameters;
using RtlExport.Tests.Support;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Tests;

/// <summary>Is a bundle complete, repeatable and safe from edits?</summary>
public sealed class BundleTests
{
    private static Sample Small { get; } = Sample.Of(Designs.Reference, Sample.DenseNetwork(RoundingMode.HalfUp));

    [Fact]
    public void The_same_inputs_give_the_same_bytes_and_no_trace_of_the_machine()
    {
        using var folder = new TemporaryFolder();
        string first = Small.Write(folder, "first");
        string second = Small.Write(folder, "second");
        string[] names = [.. Directory.GetFiles(first, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(first, path)).Order()];

        Assert.Equal(names, Directory.GetFiles(second, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(second, path)).Order());
        foreach (string name in names)
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(first, name)), File.ReadAllBytes(Path.Combine(second, name)));
            string text = File.ReadAllText(Path.Combine(first, name));
            Assert.DoesNotContain(folder.Path, text, StringComparison.Ordinal);
            Assert.DoesNotContain('\r', text);
        }
    }

    [Fact]
    public void Every_header_and_vector_file_carries_the_configuration_hash()
    {
        foreach ((string name, string text) in RtlBundle.Files(Small.Schedule, Small.Timing, Small.Vectors, Bundles.Configuration))
        {
            if (name.EndsWith(".memh", StringComparison.Ordinal) || name.StartsWith("accel_", StringComparison.Ordinal) || name.EndsWith(".json", StringComparison.Ordinal))
            {
                Assert.True(text.Contains(Bundles.Configuration, StringComparison.Ordinal), name);
            }
        }
    }

    [Fact]
    public void Writing_again_replaces_the_bundle_and_leaves_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        File.WriteAllText(Path.Combine(bundle, "stale.txt"), "");
        Small.Write(folder);

        Assert.False(File.Exists(Path.Combine(bundle, "stale.txt")));
        Assert.Equal([bundle], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_folder_with_other_things_in_it_is_not_replaced()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("thesis.txt"), "");

        Assert.Throws<IOException>(() => RtlBundle.Write(Small.Schedule, Small.Timing, Small.Vectors, Bundles.Configuration, folder.Path));
        Assert.Equal([folder.At("thesis.txt")], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_failed_export_leaves_the_old_bundle()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        Schedule broken = Small.Schedule with { Array = [.. Small.Schedule.Array.Select(i => i with { WeightAddress = 1 << 20 })] };

        Assert.Throws<InstructionEncodingException>(() => RtlBundle.Write(broken, Small.Timing, Small.Vectors, Bundles.Configuration, bundle));
        Assert.Empty(BundleManifest.Read(bundle).Check().Edited);
        Assert.Equal([bundle], Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("vectors/layer_001.memh")]
    [InlineData("vectors/requantizer.memh")]
    [InlineData("accel_pkg.sv")]
    [InlineData("tb/bench.sv")]
    public void The_verifier_names_an_edited_file(string name)
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        File.AppendAllText(Path.Combine(bundle, name), "\n");

        BundleException exception = Assert.Throws<BundleException>(() => RtlVerifier.Verify(bundle, SimulatorKind.Icarus));
        Assert.Equal(name, Assert.Single(exception.Files));
        Assert.Contains(name + " was edited", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Headers and vectors of another export in the place of the bundle's own.</summary>
    [Theory]
    [InlineData("accel_pkg.sv")]
    [InlineData("accel_params.vh")]
    [InlineData("vectors/layer_001.memh")]
    public void The_verifier_says_of_which_configuration_a_foreign_file_is(string name)
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder), foreign = string.Concat(Enumerable.Repeat("f", 64)), path = Path.Combine(bundle, name);
        File.WriteAllText(path, File.ReadAllText(path).Replace(Bundles.Configuration, foreign, StringComparison.Ordinal));

        Assert.Contains(
            $"{name} is of configuration {foreign}, the bundle of {Bundles.Configuration}", Assert.Throws<BundleException>(() => RtlVerifier.Verify(bundle, SimulatorKind.Icarus)).Message, StringComparison.Ordinal);
    }

    /// <summary>All headers are of one configuration, the manifest of another: it is the one that is named, not every file whose hash it does not have.</summary>
    [Fact]
    public void A_manifest_of_another_export_is_told_from_edited_files()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        string other = Sample.Of(Designs.Reference, Sample.ConvNetwork(RoundingMode.HalfUp), images: 1).Write(folder, "other", configuration: string.Concat(Enumerable.Repeat("a", 64)));
        File.Copy(Path.Combine(other, RtlBundle.ManifestName), Path.Combine(bundle, RtlBundle.ManifestName), overwrite: true);

        BundleException exception = Assert.Throws<BundleException>(() => RtlVerifier.Verify(bundle, SimulatorKind.Icarus));
        Assert.Contains("manifest.json and params.json, accel_pkg.sv, accel_params.vh are of different configurations", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Twelve: a message that names them all would not be read.</summary>
    [Fact]
    public void Of_many_missing_files_the_first_are_named_and_the_others_counted()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        string[] missing = [.. Directory.GetFiles(Path.Combine(bundle, "vectors"), "*.memh").Order(StringComparer.Ordinal).Take(12)];
        foreach (string file in missing)
        {
            File.Delete(file);
        }

        BundleException exception = Assert.Throws<BundleException>(() => RtlVerifier.Verify(bundle, SimulatorKind.Icarus));
        Assert.Equal(missing.Select(file => "vectors/" + Path.GetFileName(file)), exception.Files);
        Assert.EndsWith($"vectors/{Path.GetFileName(missing[7])} is missing; and 4 more", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>A folder of programs in which the simulator is not one.</summary>
    [Theory]
    [InlineData("run_icarus.sh", "iverilog")]
    [InlineData("run_verilator.sh", "verilator")]
    public void A_script_names_the_simulator_that_is_missing(string script, string tool)
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder), programs = Directory.CreateDirectory(folder.At("programs")).FullName;
        File.CreateSymbolicLink(Path.Combine(programs, "dirname"), ExternalTool.Find("dirname")!);

        ToolRun run = ExternalTool.Run("/bin/sh", ["-c", $"PATH='{programs}' exec /bin/sh ./{script}"], bundle, TimeSpan.FromMinutes(1));

        Assert.Equal(3, run.ExitCode);
        Assert.Equal($"{tool} is not installed; get it with: apt-get install -y --no-install-recommends {tool}\n", run.Output);
        Assert.False(Directory.Exists(Path.Combine(bundle, RtlBundle.BuildFolder)));
    }

    [Fact]
    public void The_verifier_names_a_missing_file_and_a_folder_that_is_no_bundle()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        File.Delete(Path.Combine(bundle, "vectors/input.memh"));

        Assert.Contains("vectors/input.memh is missing", Assert.Throws<BundleException>(() => RtlVerifier.Verify(bundle, SimulatorKind.Icarus)).Message, StringComparison.Ordinal);
        Assert.Contains("not a bundle", Assert.Throws<BundleException>(() => RtlVerifier.Verify(folder.Path, SimulatorKind.Icarus)).Message, StringComparison.Ordinal);
    }

    /// <summary>Without the verifier: the bundle's own script and bench.</summary>
    [Fact]
    public void The_bench_itself_passes_and_refuses_edited_vectors_and_foreign_headers()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        ToolRun run = Bundles.RunScript(bundle, "run_icarus.sh");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?m)^PASS \d+$", run.Output);

        // A digit of one expected word.
        string vectors = Path.Combine(bundle, "vectors/layer_001.memh");
        string original = File.ReadAllText(vectors);
        string[] lines = original.Split('\n');
        lines[1] = lines[1][..^1] + (lines[1][^1] == '0' ? '1' : '0');
        AssertRefused(bundle, vectors, string.Join('\n', lines), "layer_001.memh was edited");
        AssertRefused(bundle, vectors, string.Join('\n', [lines[0], .. lines[2..]]), "layer_001.memh was edited");

        // Vectors, package and Verilog header of other configurations.
        string foreign = string.Concat(Enumerable.Repeat("f", 64));
        AssertRefused(bundle, vectors, original.Replace(Bundles.Configuration, foreign, StringComparison.Ordinal), "ERROR header");
        foreach (string header in new[] { "accel_pkg.sv", "accel_params.vh" })
        {
            string path = Path.Combine(bundle, header);
            AssertRefused(bundle, path, File.ReadAllText(path).Replace(Bundles.Configuration, foreign, StringComparison.Ordinal), "ERROR header");
        }
    }

    [Fact]
    public void A_design_runs_the_vectors_of_another_configuration_only_when_told()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        Sample other = Sample.Of(Designs.Reference, Sample.ConvNetwork(RoundingMode.HalfUp), images: 1);
        string foreign = other.Write(folder, "other", configuration: string.Concat(Enumerable.Repeat("a", 64)));
        Directory.Delete(Path.Combine(bundle, "vectors"), recursive: true);
        Directory.Move(Path.Combine(foreign, "vectors"), Path.Combine(bundle, "vectors"));

        Assert.Equal(1, Bundles.RunScript(bundle, "run_icarus.sh").ExitCode);
        ToolRun run = Bundles.RunScript(bundle, "run_icarus.sh", "+other_network");
        Assert.True(run.ExitCode == 0, run.Output);
    }

    [Fact]
    public void A_compile_error_shows_the_tools_first_message_and_keeps_the_log()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        Bundles.Edit(bundle, "ram.sv", "<= write_data_i;", "<= ;");

        RtlCompileException exception = Assert.Throws<RtlCompileException>(() => RtlVerifier.Verify(bundle, SimulatorKind.Icarus));
        Assert.Contains("ram.sv", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ram.sv", File.ReadAllText(exception.LogPath), StringComparison.Ordinal);
    }

    /// <summary>A process that never gives the simulator back, in cycle 100: the bench cannot end by itself.</summary>
    [Fact]
    public void A_simulation_that_hangs_is_stopped_and_tells_how_far_it_came()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        Bundles.Edit(bundle, "accelerator.sv", "  logic unused_host;", "  integer cycles = 0;\n  always @(posedge clk_i) if (busy_o) begin cycles = cycles + 1; while (cycles == 100) begin end end\n\n  logic unused_host;");
        var options = new VerificationOptions { Timeout = TimeSpan.FromSeconds(4) };
        CompiledBench.Of([BundleManifest.Read(bundle)], SimulatorKind.Icarus, new());

        TimeoutException exception = Assert.Throws<TimeoutException>(() => RtlVerifier.Verify(bundle, SimulatorKind.Icarus, options));

        // A busy machine may not come to the cycle in time.
        Assert.Matches(@"longer than 00:00:04 and was stopped; it had come (to cycle (1|2|4|8|16|32|64) of image 0|before its first cycle)$", exception.Message);
    }

    /// <summary>As one that is killed, or lacks a library: neither PASS nor FAIL is ever printed.</summary>
    [Fact]
    public void A_simulation_that_ends_without_a_verdict_tells_how_it_ended()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        Bundles.Edit(bundle, "accelerator.sv", "  logic unused_host;", "  always @(negedge clk_i) if (busy_o) begin $display(\"out of memory\"); $finish; end\n\n  logic unused_host;");

        VerificationResult result = RtlVerifier.Verify(bundle, SimulatorKind.Icarus, Bundles.Shared);

        Assert.False(result.Passed);
        Assert.Equal("none", result.FirstDifference!.Kind);
        Assert.Equal("the bench came to no verdict: it ended with exit code 0, after 'out of memory'", result.FirstDifference.ToString());
    }

    [Fact]
    public void A_bundle_without_a_system_bus_is_told_so()
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder), manifest = Path.Combine(bundle, RtlBundle.ManifestName);
        File.Delete(Path.Combine(bundle, RtlBundle.BusFileList));
        string[] lines = File.ReadAllLines(manifest);
        int entry = Array.FindIndex(lines, line => line.Contains($"\"{RtlBundle.BusFileList}\"", StringComparison.Ordinal));

        // An entry has three lines.
        File.WriteAllText(manifest, ManifestSeal.Seal(string.Concat(lines[..entry].Concat(lines[(entry + 3)..]).Select(line => line + "\n"))));

        BundleException exception = Assert.Throws<BundleException>(() => RtlVerifier.Verify(bundle, SimulatorKind.Icarus, new() { Bus = MemoryBus.Axi }));
        Assert.True(exception.IsOfAnotherKind);
        Assert.Contains("export it again", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "manifest.json:2:1: damaged")]
    [InlineData("{\"version\": 5}", "configuration_sha256")]
    [InlineData("[]", "damaged")]
    [InlineData("{\"version\": 99}", "of version 99, allowed 5")]
    public void A_damaged_manifest_and_one_of_another_version_are_refused(string text, string message)
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        File.WriteAllText(Path.Combine(bundle, RtlBundle.ManifestName), text + "\n");

        Assert.Contains(message, Assert.Throws<BundleException>(() => RtlVerifier.Verify(bundle, SimulatorKind.Icarus)).Message, StringComparison.Ordinal);
    }

    /// <summary>What the manifest says decides what is run: with one frame or fewer images less would be, and a file with another hash would be another file.</summary>
    [Theory]
    [InlineData("\"frames\": 3", "\"frames\": 1")]
    [InlineData("\"images\": 2", "\"images\": 1")]
    [InlineData("\"manifest_sha256\": \"", "\"manifest_sha256\": \"0")]
    [InlineData("\n", "\r\n")]
    public void An_edited_manifest_is_refused(string from, string to)
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder), path = Path.Combine(bundle, RtlBundle.ManifestName), manifest = File.ReadAllText(path);
        Assert.Contains(from, manifest, StringComparison.Ordinal);
        File.WriteAllText(path, manifest.Replace(from, to, StringComparison.Ordinal));

        BundleException exception = Assert.Throws<BundleException>(() => BundleManifest.Read(bundle));
        Assert.Contains("manifest.json was edited", exception.Message, StringComparison.Ordinal);
        Assert.Equal(RtlBundle.ManifestName, Assert.Single(exception.Files));
    }

    /// <summary>SHA-256 by another program: of "{\n}\n" it is the one below.</summary>
    [Fact]
    public void A_sealed_manifest_has_the_hash_of_the_rest_of_it()
    {
        const string rest = "d914176fd50bd7f565700006a31aa97b79d3ad17cee20c8e5ff2061d5cb74817";
        Assert.Equal($"{{\n  \"manifest_sha256\": \"{rest}\",\n}}\n", ManifestSeal.Seal("{\n}\n"));
        Assert.True(ManifestSeal.Holds(ManifestSeal.Seal("{\n}\n")));
        Assert.False(ManifestSeal.Holds("{\n}\n"));
    }

    [Fact]
    public void A_missing_program_is_named_with_the_command_that_installs_it()
    {
        ToolMissingException exception = Assert.Throws<ToolMissingException>(() => ExternalTool.Require("no-such-simulator", "some-package"));
        Assert.Contains("apt-get install -y --no-install-recommends some-package", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>The first folder's file may not be run.</summary>
    [Fact]
    public void A_program_is_the_first_file_on_the_search_path_that_can_be_run()
    {
        using var folder = new TemporaryFolder();
        string[] paths = [.. new[] { "first", "second" }.Select(name => Path.Combine(Directory.CreateDirectory(folder.At(name)).FullName, "simulator"))];
        foreach (string path in paths)
        {
            File.WriteAllText(path, "#!/bin/sh\n");
        }

        string searched = string.Join(Path.PathSeparator, paths.Select(Path.GetDirectoryName));
        Assert.Null(ExternalTool.Find("simulator", searched));
        File.SetUnixFileMode(paths[1], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(paths[1], ExternalTool.Find("simulator", searched));
        File.SetUnixFileMode(paths[0], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(paths[0], ExternalTool.Find("simulator", searched));
    }

    [Fact]
    public void Vectors_that_do_not_fit_the_schedule_are_refused()
    {
        Assert.Throws<ArgumentException>(() => (Small.Vectors with { Images = 3 }).ValidatedFor(Small.Schedule));
        Assert.Throws<ArgumentException>(() => (Small.Vectors with { LayerOutputs = [] }).ValidatedFor(Small.Schedule));
        Assert.Throws<ArgumentException>(() => RtlBundle.Files(Small.Schedule, Small.Timing, Small.Vectors, "not a hash"));
    }

    private static void AssertRefused(string bundle, string path, string text, string message)
    {
        string original = File.ReadAllText(path);
        Assert.NotEqual(original, text);
        File.WriteAllText(path, text);
        ToolRun run = Bundles.RunScript(bundle, "run_icarus.sh");
        File.WriteAllText(path, original);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("PASS", run.Output, StringComparison.Ordinal);
    }
}
