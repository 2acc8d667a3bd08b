// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace RtlExport.Corners;

/// <summary>Reads that go around the banks of the activation buffer and around its end, and the last address of every buffer.</summary>
internal static class AddressCorners
{
    private const string Group = "addresses";

    /// <summary>Reads of an instruction up to which all of them are looked at.</summary>
    private const long MostReads = 1 << 16;

    /// <summary>The corners of all programs.</summary>
    public static IEnumerable<CornerCoverage> Of(AcceleratorSpec spec, IReadOnlyList<CoveredProgram> programs)
    {
        CoveredProgram[] once = [.. programs.Where(program => program.Frames == 1)];
        int banks = Banks(spec);
        int end = (spec.Buffers.Activation.Size + banks - 1) / banks * banks;
        int taken = Math.Max(spec.VectorElements, spec.Array.ColumnFilter ? spec.Array.Columns : 0);
        string? single = banks == 1 ? "the buffer has one bank" : null;
        yield return CornerCount.Of(
            Group, "a vector from the last banks on, and then from bank 0", Places(once, program => program.Array, "array", matmul => Reads(matmul, spec).Any(address => (address % banks) + taken > banks)), single);
        yield return CornerCount.Of(
            Group, "a vector from the end of the activation buffer on, and then from address 0", Places(once, program => program.Array, "array", matmul => Reads(matmul, spec).Any(address => address + taken > end)),
            taken == 1 ? "a vector has one element" : null);

        yield return CornerCount.Of(Group, "a line from the last banks of the factor buffer on, and then from bank 0", Places(once, program => program.Array, "array", matmul => matmul.ActivationWeights && GoesAround(matmul, spec)),
            spec.Array.ActivationWeights ? (FactorLayout.Banks(spec) == 1 ? "the buffer has one bank" : null) : "array.activation_weights is false");

        const string larger = "no slot of these programs ends at the last address";
        yield return Last("activation", load => load.Target == LoadTarget.Activation && LastAddresses.End(load, spec) == spec.Buffers.Activation.Size);
        yield return Last("weight", load => load.Target == LoadTarget.Weight && load.BufferAddress + (load.Beats / spec.WeightLineWords) == spec.Buffers.Weight.Size);
        yield return Last("parameter", load => load.Target == LoadTarget.Parameter && load.BufferAddress + (load.Beats / spec.ParameterLineWords) == spec.Buffers.Parameter.Size);
        yield return CornerCount.Of(Group, "last address of the operand buffer", Places(once, program => program.Load, "load", load => load.Target == LoadTarget.Operand && LastAddresses.End(load, spec) == spec.Buffers.Operand.Size),
            spec.Vector.Elementwise ? larger : "vector.elementwise is false");
        yield return CornerCount.Of(Group, "last address of the factor buffer", Places(once, program => program.Load, "load", load => load.Target == LoadTarget.Factor && LastAddresses.End(load, spec) == spec.Buffers.Factor.Size),
            spec.Array.ActivationWeights ? larger : "array.activation_weights is false");
        yield return CornerCount.Of(Group, "last address of the accumulator buffer", Places(once, program => program.Array, "array", matmul => LastAddresses.End(matmul, spec) == spec.Buffers.Accumulator.Size), larger);
        yield return CornerCount.Of(Group, "last address of the output buffer", Places(once, program => program.Vector, "vector", vector => vector.OutputAddress + (vector.Rows * vector.Columns) == spec.Buffers.Output.Size), larger);

        CornerCoverage Last(string buffer, Func<LoadInstruction, bool> hits) => CornerCount.Of(Group, $"last address of the {buffer} buffer", Places(once, program => program.Load, "load", hits), larger);
    }

    /// <summary>The least power of two that is at least the elements of a read and those of a memory word.</summary>
    private static int Banks(AcceleratorSpec spec)
    {
        int banks = 1;
        while (banks < Math.Max(spec.VectorElements, spec.ElementsPerWord))
        {
            banks *= 2;
        }

        return banks;
    }

    private static IEnumerable<int> Reads(MatmulInstruction matmul, AcceleratorSpec spec)
    {
        if ((long)matmul.Vectors * matmul.Segments > MostReads)
        {
            return [];
        }

        return
            from y in Enumerable.Range(0, matmul.Rows)
            from x in Enumerable.Range(0, matmul.Columns)
            from i in Enumerable.Range(0, matmul.KernelRows)
            from j in Enumerable.Range(0, matmul.KernelColumns)
            from t in Enumerable.Range(0, matmul.Tiles)
            select matmul.ActivationAddress + (y * matmul.RowStride) + (x * matmul.ColumnStride) + (i * matmul.KernelRowStride) + (j * matmul.KernelColumnStride) + (t * spec.VectorElements);
    }

    /// <summary>Whether a line of the first segments has an element in a bank below that of its first one.</summary>
    private static bool GoesAround(MatmulInstruction matmul, AcceleratorSpec spec)
    {
        int banks = FactorLayout.Banks(spec), lanes = FactorLayout.LanesOfLine(spec);
        return (
            from segment in Enumerable.Range(0, matmul.KernelRows * matmul.KernelColumns * matmul.Tiles)
            from line in Enumerable.Range(0, spec.Array.Rows)
            let first = matmul.WeightAddress + ((long)segment * matmul.WeightSegmentStride) + ((long)line * matmul.WeightLineStride)
            from element in Enumerable.Range(0, spec.WeightLineElements)
            select (first + ((long)(element / lanes) * matmul.WeightColumnPitch) + ((long)(element % lanes) * matmul.WeightLanePitch)) % banks < first % banks).Any(around => around);
    }

    private static IEnumerable<string> Places<T>(IEnumerable<CoveredProgram> programs, Func<Schedule, IReadOnlyList<T>> of, string unit, Func<T, bool> hits) =>
        from program in programs
        from i in Enumerable.Range(0, of(program.Schedule).Count)
        where hits(of(program.Schedule)[i])
        select FormattableString.Invariant($"{program.Name}, {unit} instruction {i}");
}
