// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using AccelModel.Numerics;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Cli;

/// <summary><c>codesign simulate</c>: integer codes in, integer codes, cycles and overflows out.</summary>
public sealed class SimulateTests : IDisposable
{
    private static readonly string[] Engines = ["fast", "register", "reference"];

    private readonly Workspace _place = Workspace.WithExperiment();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Every_engine_gives_the_codes_of_a_network_written_by_hand()
    {
        WriteByHand();

        // conv: a - b + 2c of each 2 x 2 window, plus 1, times 3/4 half up, clamped to 0..11; dense: sums of codes, plus bias, halved half up.
        Save("x.npy", [2, 3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        foreach (string engine in Engines)
        {
            JsonElement result = Simulate(engine, "x.npy", "y.npy");
            NpyArray y = NpyFile.Load(_place.PathOf("y.npy"));
            Assert.Equal([2, 1, 1, 2], y.Shape.ToArray());

            // An image of zeros: conv is 1 everywhere (0.75, half up), dense 1+1-1+2 = 3 and -2+1+1-3 = -3, halved 1.5 and -1.5, half up 2 and -1.
            Assert.Equal([3, 2, 2, -1], y.ToIntegers<int>());
            Assert.Equal(0, result.GetProperty("overflows").GetInt64());
            Assert.Equal(2, result.GetProperty("images").GetInt32());
        }
    }

    [Fact]
    public void Every_engine_counts_the_saturations_of_a_narrow_accumulator()
    {
        // One output adds 64 products 7 * 15, four rows of the array at a time: 420, then 15 additions that leave 10 bits. The other adds zeros.
        _place.Edit("accelerator.yaml", "partial_sum_width: 12", "partial_sum_width: 10");
        _place.Edit("accelerator.yaml", "  width: 20", "  width: 10");
        string ones = string.Join(", ", Enumerable.Repeat(7, 64)), zeros = string.Join(", ", Enumerable.Repeat(0, 64));
        _place.Write("net/network.json", $$"""
            {
              "format_version": 1, "name": "narrow",
              "input": { "height": 8, "width": 8, "channels": 1, "format": "ufix4_En0" },
              "layers": [
                {
                  "kind": "dense", "name": "sum", "input": "input", "output": { "height": 1, "width": 1, "channels": 2, "format": "ufix8_En0" },
                  "weights": [[{{ones}}], [{{zeros}}]], "weight_format": "sfix4_En0",
                  "requantization": { "kind": "shift", "bias": [0, 3], "shift": [2], "rounding": "half_up", "minimum": 0, "maximum": 255 }
                }
              ]
            }
            """);
        Save("x.npy", [3, 8, 8, 1], [.. Enumerable.Repeat(15, 3 * 64)]);
        foreach (string engine in Engines)
        {
            JsonElement result = Simulate(engine, "x.npy", "y.npy");

            // 511 / 4 = 127.75 and 3 / 4 = 0.75.
            Assert.Equal([128, 1, 128, 1, 128, 1], NpyFile.Load(_place.PathOf("y.npy")).ToIntegers<int>());
            Assert.Equal(3 * 15, result.GetProperty("overflows").GetInt64());
            JsonElement first = result.GetProperty("layers")[0].GetProperty("first_overflow");
            Assert.Equal((0, 0, "accumulator"), (first.GetProperty("image").GetInt32(), first.GetProperty("output").GetInt32(), first.GetProperty("stage").GetString()));
        }
    }

    [Fact]
    public void Every_engine_agrees_on_the_kept_network_in_codes_overflows_and_cycles()
    {
        string network = Repository.PathOf("configs/networks/trained/lenet5-w4a4");
        NpyArray images = NpyFile.Load(Repository.PathOf("configs/networks/trained/mnist-test-200/images.npy"));
        Save("x.npy", [4, 28, 28], images.ToIntegers<int>()[..(4 * 28 * 28)]);
        byte[]? codes = null;
        string? figures = null;
        foreach (string engine in Engines)
        {
            JsonElement result = Codesign.Run(
                _place, "simulate", "--network", network, "--accelerator", Repository.PathOf("configs/accelerators/narrow-partial-sums.yaml"),
                "--input", "x.npy", "--output", "y.npy", "--engine", engine, "--json").Succeeded().Json;
            string found = $"{result.GetProperty("cycles")} {result.GetProperty("overflows")} {result.GetProperty("layers")}";
            Assert.Equal(figures ??= found, found);
            Assert.Equal(codes ??= File.ReadAllBytes(_place.PathOf("y.npy")), File.ReadAllBytes(_place.PathOf("y.npy")));
        }
    }

    [Theory]
    [InlineData("3,3,1", "1,1,2")]
    [InlineData("3,3", "1,1,2")]
    [InlineData("1,3,3,1", "1,1,1,2")]
    [InlineData("2,3,3", "2,1,1,2")]
    [InlineData("2,1,3,3,1", "2,1,1,1,2")]
    [InlineData("3,2,2,3,3,1", "3,2,2,1,1,2")]
    public void Leading_dimensions_of_the_output_are_those_of_the_input(string input, string output)
    {
        WriteByHand();
        int[] shape = [.. input.Split(',').Select(int.Parse)];
        Save("x.npy", shape, new int[shape.Aggregate(1, (product, extent) => product * extent)]);
        Simulate("fast", "x.npy", "y.npy");
        Assert.Equal(output, string.Join(',', NpyFile.Load(_place.PathOf("y.npy")).Shape));
    }

    [Theory]
    [InlineData("4,3,1", 0, "shape [4, 3, 1]")]
    [InlineData("0,3,3,1", 0, "shape [0, 3, 3, 1]")]
    [InlineData("9,1", 0, "shape [9, 1]")]
    [InlineData("3,3,1", 16, "16")]
    [InlineData("3,3,1", -1, "-1")]
    public void Codes_that_the_network_cannot_read_are_refused_and_nothing_is_written(string shapeText, int code, string found)
    {
        WriteByHand();
        int[] shape = [.. shapeText.Split(',').Select(int.Parse)];
        int[] codes = new int[shape.Aggregate(1, (product, extent) => product * extent)];
        codes.AsSpan()[..Math.Min(1, codes.Length)].Fill(code);
        Save("x.npy", shape, codes);
        CommandResult result = Codesign.Run(_place, SimulateArguments("fast", "x.npy", "y.npy")).Ended(2);
        string finding = Assert.Single(result.Findings);
        Assert.StartsWith("x.npy: ", finding);
        Assert.Contains(found, finding);
        Assert.False(_place.Has("y.npy"));
    }

    [Fact]
    public void Damaged_missing_and_floating_point_arrays_are_refused_by_name()
    {
        WriteByHand();
        Save("good.npy", [3, 3, 1], new int[9]);
        byte[] bytes = File.ReadAllBytes(_place.PathOf("good.npy"));
        File.WriteAllBytes(_place.PathOf("short.npy"), bytes[..^3]);
        File.WriteAllBytes(_place.PathOf("text.npy"), "no array"u8.ToArray());
        File.WriteAllBytes(_place.PathOf("floats.npy"), NpyFile.ToBytes(NpyArray.FromFloats([3, 3, 1], new float[9])));
        foreach (string file in (string[])["short.npy", "text.npy", "floats.npy", "missing.npy", "net"])
        {
            CommandResult result = Codesign.Run(_place, SimulateArguments("fast", file, "y.npy")).Ended(2);
            Assert.Contains(file, Assert.Single(result.Findings));
            Assert.False(_place.Has("y.npy"));
        }
    }

    [Fact]
    public void An_output_that_cannot_be_written_is_refused()
    {
        WriteByHand();
        Save("x.npy", [3, 3, 1], new int[9]);
        foreach (string output in (string[])["net", "x.npy/y.npy", "nowhere/y.npy"])
        {
            CommandResult result = Codesign.Run(_place, SimulateArguments("fast", "x.npy", output)).Ended(2);
            Assert.Contains(output, Assert.Single(result.Findings));
        }
    }

    [Fact]
    public void A_waveform_of_the_register_model_has_the_cycles_that_were_asked_for_and_changes_nothing_else()
    {
        WriteByHand();
        Save("x.npy", [3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        long cycles = Simulate("register", "x.npy", "y.npy").GetProperty("cycles").GetInt64();
        byte[] codes = File.ReadAllBytes(_place.PathOf("y.npy"));

        string[] arguments = [.. SimulateArguments("register", "x.npy", "y.npy").Where(argument => argument is not ("--engine" or "register"))];
        JsonElement result = Codesign.Run(_place, [.. arguments, "--vcd", "all.vcd"]).Succeeded().Json;
        Assert.Equal("register", result.GetProperty("engine").GetString());
        Assert.Equal(codes, File.ReadAllBytes(_place.PathOf("y.npy")));
        string[] all = File.ReadAllLines(_place.PathOf("all.vcd"));
        Assert.Equal(("#0", $"#{cycles}"), (all.First(line => line[0] == '#'), all[^1]));
        Assert.Contains("$timescale 1 ns $end", all);

        Codesign.Run(_place, [.. arguments, "--vcd", "some.vcd", "--vcd-from", "20", "--vcd-cycles", "30"]).Succeeded();
        string[] some = File.ReadAllLines(_place.PathOf("some.vcd"));
        Assert.Equal(("#20", "#50"), (some.First(line => line[0] == '#'), some[^1]));
    }

    [Fact]
    public void Without_codes_there_are_the_cycles_alone_and_every_cycle_is_accounted_for()
    {
        WriteByHand();
        Save("x.npy", [3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        JsonElement timed = Codesign.Run(_place, "simulate", "--network", "net", "--accelerator", "accelerator.yaml", "--timeline", "t.json", "--json").Succeeded().Json;
        JsonElement valued = Codesign.Run(_place, "simulate", "--network", "net", "--accelerator", "accelerator.yaml", "--input", "x.npy", "--json").Succeeded().Json;
        Assert.Equal((0, 1), (timed.GetProperty("images").GetInt32(), valued.GetProperty("images").GetInt32()));
        Assert.Equal(valued.GetProperty("layers").ToString(), timed.GetProperty("layers").ToString());
        long cycles = timed.GetProperty("cycles").GetInt64();
        Assert.Equal(4, timed.GetProperty("units").EnumerateObject().Count());
        Assert.All(timed.GetProperty("units").EnumerateObject(), unit => Assert.Equal(cycles, Sum(unit.Value)));
        foreach (JsonElement layer in timed.GetProperty("layers").EnumerateArray())
        {
            JsonElement array = layer.GetProperty("units").GetProperty("array");
            Assert.Equal(layer.GetProperty("cycles").GetInt64(), Sum(layer.GetProperty("stall_cycles")) + array.GetProperty("busy").GetInt64());
        }

        // All that the layers load and store, and all that the instructions of each unit took.
        Assert.Equal(
            timed.GetProperty("layers").EnumerateArray().Sum(layer => layer.GetProperty("dram_read_bytes").GetInt64() + layer.GetProperty("dram_write_bytes").GetInt64()),
            timed.GetProperty("traffic").EnumerateObject().Where(entry => entry.Name.EndsWith("_bytes", StringComparison.Ordinal)).Sum(entry => entry.Value.GetInt64()));
        using JsonDocument timeline = JsonDocument.Parse(_place.Read("t.json"));
        var instructions = timeline.RootElement.GetProperty("traceEvents").EnumerateArray().Where(item => item.GetProperty("ph").GetString() == "X").ToList();
        foreach (JsonProperty unit in timed.GetProperty("units").EnumerateObject())
        {
            var own = instructions.Where(item => item.GetProperty("cat").GetString() == unit.Name).Select(item => item.GetProperty("args")).ToList();
            foreach (JsonProperty counter in unit.Value.EnumerateObject().Where(counter => counter.Name != "idle"))
            {
                Assert.Equal(counter.Value.GetInt64(), own.Sum(arguments => arguments.TryGetProperty(counter.Name, out JsonElement count) ? count.GetInt64() : 0));
            }
        }

        static long Sum(JsonElement counters) => counters.EnumerateObject().Sum(counter => counter.Value.GetInt64());
    }

    [Fact]
    public void The_first_overflow_of_a_layer_is_told_on_the_screen()
    {
        WriteByHand();
        _place.Edit("accelerator.yaml", "partial_sum_width: 12", "partial_sum_width: 4");
        Save("x.npy", [3, 3, 1], [.. Enumerable.Repeat(15, 9)]);
        string[] lines = Codesign.Run(_place, "simulate", "--network", "net", "--accelerator", "accelerator.yaml", "--input", "x.npy").Succeeded().Output.Split('\n');

        // The first product is 15, and 4 bits hold no more than 7.
        Assert.Contains("first overflow of conv: image 0, row 0, column 0, channel 0, k 0, partial_sum", lines);
    }

    [Theory]
    [InlineData("--output y.npy", "--output")]
    [InlineData("--engine reference", "--engine")]
    [InlineData("--vcd w.vcd", "--vcd")]
    public void What_needs_codes_is_refused_without_them(string options, string name)
    {
        WriteByHand();
        CommandResult result = Codesign.Run(_place, ["simulate", "--network", "net", "--accelerator", "accelerator.yaml", .. options.Split(' ')]).Ended(2);
        Assert.Equal($"Option '{name}' cannot be used without '--input' or '--random-input'.", Assert.Single(result.Findings));
    }

    [Theory]
    [InlineData("--vcd-from 3", "Option '--vcd-from' cannot be used without '--vcd'.")]
    [InlineData("--vcd-cycles 3", "Option '--vcd-cycles' cannot be used without '--vcd'.")]
    [InlineData("--vcd w.vcd --vcd-cycles 0", "--vcd-cycles: found '0', allowed 1..2147483647")]
    [InlineData("--vcd w.vcd --vcd-from -1", "--vcd-from: found '-1', allowed 0..2147483647")]
    [InlineData("--vcd w.vcd --engine fast", "Option '--vcd' cannot be used with another engine than register.")]
    [InlineData("--vcd w.vcd --engine slow", "--engine: unknown name, found 'slow', allowed fast, register, reference")]
    [InlineData("--vcd nowhere/w.vcd", "nowhere/w.vcd")]
    public void A_waveform_that_cannot_be_is_refused_in_a_sentence(string options, string found)
    {
        WriteByHand();
        Save("x.npy", [3, 3, 1], new int[9]);
        string[] arguments = [.. SimulateArguments("register", "x.npy", "y.npy").Where(argument => argument is not ("--engine" or "register"))];
        CommandResult result = Codesign.Run(_place, [.. arguments, .. options.Split(' ')]).Ended(2);
        Assert.Contains(found, Assert.Single(result.Findings));
        Assert.False(_place.Has("y.npy") || _place.Has("w.vcd"));
    }

    private void WriteByHand()
    {
        // The worked example of the page on the network format.
        string page = File.ReadAllText(Repository.PathOf("docs/network-format.md"));
        _place.Write("net/network.json", page.Split("```json")[1].Split("```")[0]);
    }

    private void Save(string file, int[] shape, int[] codes) => NpyFile.Save(_place.PathOf(file), NpyArray.FromIntegers<int>(NpyType.Int16, shape, codes));

    private JsonElement Simulate(string engine, string input, string output) => Codesign.Run(_place, SimulateArguments(engine, input, output)).Succeeded().Json;

    private static string[] SimulateArguments(string engine, string input, string output) =>
        ["simulate", "--network", "net", "--accelerator", "accelerator.yaml", "--input", input, "--output", output, "--engine", engine, "--json"];
}
