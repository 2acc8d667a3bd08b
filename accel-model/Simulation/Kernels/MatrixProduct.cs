// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Intrinsics;

namespace AccelModel.Simulation.Kernels;

/// <summary>How operands of an exact matrix product are stored.</summary>
internal enum OperandForm
{
    /// <summary>Unsigned 8-bit activations, signed 8-bit weights.</summary>
    Bytes,

    /// <summary>Signed 16-bit activations and weights.</summary>
    Pairs,
}

/// <summary>The exact matrix product that fits the operands and the machine.</summary>
internal sealed unsafe class MatrixProduct
{
    private readonly delegate*<int*, byte*, int*, int, ReadOnlySpan<ActivationRun>, int*, int*, nint, void> kernel;

    private MatrixProduct(OperandForm form, Type step, int count, delegate*<int*, byte*, int*, int, ReadOnlySpan<ActivationRun>, int*, int*, nint, void> kernel)
    {
        Form = form;
        Step = step;
        BlockChannels = 2 * count;
        this.kernel = kernel;
    }

    /// <summary>How operands must be stored.</summary>
    public OperandForm Form { get; }

    /// <summary>The <see cref="IDotProduct{TVector}"/> that it is made of.</summary>
    public Type Step { get; }

    /// <summary>Operands in 32 bits.</summary>
    public int GroupElements => Form == OperandForm.Bytes ? 4 : 2;

    /// <summary>Bytes of an operand.</summary>
    public int ElementBytes => Form == OperandForm.Bytes ? 1 : 2;

    /// <summary>Output channels of one call.</summary>
    public int BlockChannels { get; }

    /// <summary>The product for operands of these magnitudes.</summary>
    /// <param name="set">Instructions that may be used.</param>
    /// <param name="bytes">Whether activations (shifted to be unsigned) and weights fit 8 bits.</param>
    /// <param name="greatestActivation">Greatest stored activation.</param>
    /// <param name="greatestWeight">Greatest magnitude of a weight.</param>
    public static MatrixProduct For(InstructionSet set, bool bytes, int greatestActivation, int greatestWeight)
    {
        bool vnni = set >= InstructionSet.AvxVnni && InstructionSets.IsSupported(InstructionSet.AvxVnni);
        bool narrow = (long)greatestActivation * greatestWeight <= NarrowDotProduct256.GreatestProduct;
        return (set, bytes) switch
        {
            (InstructionSet.Scalar, true) => Of<ByteDotProduct1, int>(OperandForm.Bytes),
            (InstructionSet.Scalar, false) => Of<PairDotProduct1, int>(OperandForm.Pairs),
            (_, true) when vnni => Of<VnniDotProduct, Vector256<int>>(OperandForm.Bytes),
            (InstructionSet.Avx512, _) => Of<PairDotProduct512, Vector512<int>>(OperandForm.Pairs),
            (_, true) when narrow => Of<NarrowDotProduct256, Vector256<int>>(OperandForm.Bytes),
            _ => Of<PairDotProduct256, Vector256<int>>(OperandForm.Pairs),
        };
    }

    /// <inheritdoc cref="MatrixProductKernel{TDot, TVector}.Run"/>
    public void Run(
        int* weights, byte* activations, int* bases, int pixels, ReadOnlySpan<ActivationRun> runs, int* initial, int* accumulators, nint pitch) =>
        kernel(weights, activations, bases, pixels, runs, initial, accumulators, pitch);

    private static MatrixProduct Of<TDot, TVector>(OperandForm form)
        where TDot : struct, IDotProduct<TVector> =>
        new(form, typeof(TDot), TDot.Count, &MatrixProductKernel<TDot, TVector>.Run);
}
