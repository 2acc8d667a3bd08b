// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using RtlExport.Tests.Support;

namespace RtlExport.Tests;

/// <summary>Does the array read and write what the contract says, in the cycles that it says, in every dataflow and with every kind of element?</summary>
public sealed class ArrayTests
{
    public static TheoryData<ProcessingElementKind> Kinds { get; } = [.. Enum.GetValues<ProcessingElementKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Weight_stationary_reads_and_writes_are_those_of_the_contract(ProcessingElementKind kind) => AssertContract(Dataflow.WeightStationary, kind);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Input_stationary_reads_and_writes_are_those_of_the_contract(ProcessingElementKind kind) => AssertContract(Dataflow.InputStationary, kind);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Output_stationary_reads_and_writes_are_those_of_the_contract(ProcessingElementKind kind) => AssertContract(Dataflow.OutputStationary, kind);

    private static void AssertContract(Dataflow dataflow, ProcessingElementKind kind)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            ArrayProgram drawn = ArrayProgram.Draw(dataflow, kind, seed);

            AssertEqual(ArrayExpectation.Of(drawn), ArrayExpectation.Sorted(drawn.Run()), drawn, seed);
        }
    }

    private static void AssertEqual(IEnumerable<string> expected, IEnumerable<string> found, ArrayProgram drawn, int seed)
    {
        string[] missing = [.. expected.Except(found).Take(8)];
        string[] extra = [.. found.Except(expected).Take(8)];
        Assert.True(
            missing.Length + extra.Length == 0 && expected.SequenceEqual(found),
            $"seed {seed} {drawn.Design.Array}\n{string.Join('\n', drawn.Instructions.Select(i => i.ToString()))}\nexpected\n{string.Join('\n', missing)}\nfound\n{string.Join('\n', extra)}");
    }
}
