// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Hardware;
using AccelModel.Specification;
using RtlExport.Tests.Support;
using RtlExport.Tools;

namespace RtlExport.Tests;

/// <summary>Is the RTL equal to the model on every word and every cycle, whatever the design and the network?</summary>
public sealed class RandomDesignTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(17)]
    public void Random_designs_agree_with_the_model_in_words_and_cycles(int first)
    {
        using var folder = new TemporaryFolder();
        for (int seed = first; seed < first + 8; seed++)
        {
            AssertAgrees(seed, SimulatorKind.Icarus, folder);
        }
    }

    public static TheoryData<Dataflow> Dataflows { get; } = [.. Enum.GetValues<Dataflow>()];

    /// <summary>The first random design of each dataflow with each kind of PE.</summary>
    [Theory]
    [MemberData(nameof(Dataflows))]
    public void Every_kind_of_array_agrees_with_the_model(Dataflow dataflow)
    {
        using var folder = new TemporaryFolder();
        foreach (ProcessingElementKind kind in Enum.GetValues<ProcessingElementKind>())
        {
            AssertAgrees(First(dataflow, kind), SimulatorKind.Icarus, folder);
        }
    }

    /// <summary>Two states and cycles, where Icarus has four states and events.</summary>
    [Theory]
    [InlineData(Dataflow.WeightStationary, ProcessingElementKind.BitSerial)]
    [InlineData(Dataflow.InputStationary, ProcessingElementKind.DspPacked)]
    [InlineData(Dataflow.OutputStationary, ProcessingElementKind.Codebook)]
    public void Arrays_agree_with_the_model_in_Verilator(Dataflow dataflow, ProcessingElementKind kind)
    {
        using var folder = new TemporaryFolder();
        AssertAgrees(First(dataflow, kind), SimulatorKind.Verilator, folder);
    }

    /// <summary>The memory stalls at random in the RTL; the register-accurate model replays the completions of loads and stores, and every other event must follow.</summary>
    [Fact]
    public void Random_stalls_change_no_word_and_the_model_follows_the_recorded_completions()
    {
        using var folder = new TemporaryFolder();
        int later = 0;
        for (int seed = 110; seed < 120; seed++)
        {
            RandomCase drawn = RandomCase.Draw(new ChoiceSource(seed));
            Sample sample = Sample.Of(drawn.Schedule, drawn.Input, drawn.Images);
            string bundle = sample.Write(folder);

            VerificationResult result = RtlVerifier.Verify(bundle, SimulatorKind.Icarus, new() { StallSeed = (uint)seed, RecordTimeline = true, Images = 1 });

            Assert.True(result.Passed, $"seed {seed}\n{result.Output}");
            later += result.Cycles > sample.Timing.Cycles ? 1 : 0;
            var stall = new RecordedCompletions(Completions(result, UnitKind.Load), Completions(result, UnitKind.Store));
            TimingResult replayed = RegisterAccurateModel.Run(drawn.Schedule, drawn.Input.AsSpan(0, drawn.Network.Input.Elements), new() { Stall = stall }).Timing;
            Assert.Equal(
                replayed.Timeline.Select(e => new RecordedInstruction(e.Unit, e.Index, e.Fetch, e.Start, e.End, e.Completion)),
                result.Timeline);
        }

        Assert.True(later >= 8, $"only {later} of 10 memories stalled");
    }

    private static void AssertAgrees(int seed, SimulatorKind simulator, TemporaryFolder folder)
    {
        RandomCase drawn = RandomCase.Draw(new ChoiceSource(seed));
        Sample sample = Sample.Of(drawn.Schedule, drawn.Input, drawn.Images);
        string bundle = sample.Write(folder);

        VerificationResult result = RtlVerifier.Verify(bundle, simulator, Bundles.Shared);

        Assert.True(result.Passed, $"seed {seed}\n{result.Output}\n{drawn.ToYaml()}");
        Assert.Equal(sample.Timing.Cycles, result.Cycles);
        Assert.Equal(drawn.Images, result.Images);
    }

    /// <summary>The first seed whose design has this array.</summary>
    private static int First(Dataflow dataflow, ProcessingElementKind kind) => Enumerable.Range(1000, 1000).First(seed =>
    {
        ArraySpec array = RandomDesign.Draw(new ChoiceSource(seed), CaseSize.Small).Array;
        return array.Dataflow == dataflow && array.ProcessingElement == kind;
    });

    private static System.Collections.Immutable.ImmutableArray<long> Completions(VerificationResult result, UnitKind unit) =>
        [.. result.Timeline.Where(instruction => instruction.Unit == unit).Select(instruction => instruction.Completion)];
}
