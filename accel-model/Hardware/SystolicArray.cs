// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>What every array has around it.</summary>
/// <param name="Spec">The design.</param>
/// <param name="Activations">The activation buffer.</param>
/// <param name="Weights">The weight buffer.</param>
/// <param name="Factors">The factor buffer.</param>
/// <param name="Vectors">Tags of what is in flight.</param>
/// <param name="Overflows">Where overflows of partial sums are counted.</param>
public sealed record ArraySurroundings(AcceleratorSpec Spec, ActivationBuffer Activations, LineBuffer Weights, FactorBuffer Factors, VectorsInFlight Vectors, OverflowLog Overflows);

/// <summary>What one lane of a PE has before it in a cycle, for an observer.</summary>
/// <param name="Works">Whether the PE does anything with it.</param>
/// <param name="Weight">The weight.</param>
/// <param name="Activation">The activation.</param>
/// <param name="PartialSum">The PE's register of partial sums, common to all lanes.</param>
public readonly record struct PeRegisters(bool Works, int Weight, int Activation, long PartialSum);

/// <summary>
/// Rows by columns of PEs between the two edges where buffers' outputs become operands and the deskewing registers below, column c delayed by C - 1 - c of them, so that the sums of one
/// vector leave together.
/// </summary>
public abstract class SystolicArray : IStage, IClocked
{
    private readonly ShiftLine<long>[] _deskew;

    // Cycles until everything that entered has left; at 0 nothing in here changes.
    private int _cyclesToDrain;
    private bool _clockEnable;

    private protected SystolicArray(ArraySurroundings surroundings)
    {
        Spec = surroundings.Spec.Array;
        Rows = Spec.Rows;
        Columns = Spec.Columns;
        Lanes = Spec.Lanes;
        Vectors = surroundings.Vectors;
        Overflows = surroundings.Overflows;
        Activations = new(surroundings.Spec, surroundings.Activations);
        Weights = new(surroundings.Spec, surroundings.Weights, surroundings.Factors);
        _deskew = [.. Enumerable.Range(0, Columns).Select(column => new ShiftLine<long>(Columns - column, 1))];
    }

    /// <summary>Where the sequencer sends what goes with the buffers' next outputs.</summary>
    public Latch<ArrayControl> Control { get; } = new();

    private protected ArraySpec Spec { get; }

    private protected int Rows { get; }

    private protected int Columns { get; }

    private protected int Lanes { get; }

    private protected VectorsInFlight Vectors { get; }

    private protected OverflowLog Overflows { get; }

    private protected ActivationOperands Activations { get; }

    private protected WeightOperands Weights { get; }

    /// <summary>Cycles from what enters to the last thing that it moves, both included.</summary>
    private protected abstract int CyclesToDrain { get; }

    /// <summary>The array of a design.</summary>
    public static SystolicArray Of(ArraySurroundings surroundings)
    {
        AcceleratorSpec spec = surroundings.Spec;
        ArraySpec array = spec.Array;
        return array.ProcessingElement switch
        {
            ProcessingElementKind.DspPacked => Of(surroundings, new DspPackedProduct(array.ActivationWidth + (array.ActivationSigned ? 0 : 1) + array.WeightValueWidth + 1)),
            ProcessingElementKind.XnorPopcount => Of(surroundings, new XnorPopcountProduct()),
            ProcessingElementKind.TernaryAdd => Of(surroundings, new TernaryAddProduct()),
            ProcessingElementKind.ShiftAdd => Of(surroundings, new ShiftAddProduct(array.WeightTerms, array.WeightWidth / array.WeightTerms)),
            ProcessingElementKind.BitSerial => Of(surroundings, new BitSerialProduct()),
            _ => Of(surroundings, new MultiplyProduct()),
        };
    }

    /// <summary>One lane of a PE, once this cycle is evaluated.</summary>
    public abstract PeRegisters Pe(int row, int column, int lane);

    /// <summary>Whether sums leave together in the next cycle, and where they go.</summary>
    public abstract bool IsLeaving(out SumTarget target);

    /// <summary>The sum that leaves column <paramref name="column"/> in this cycle.</summary>
    public long Sum(int column) => column == Columns - 1 ? Bottom(column) : _deskew[column][Columns - 1 - column][0];

    /// <inheritdoc/>
    public void Evaluate()
    {
        if (Control.Current != default)
        {
            _cyclesToDrain = CyclesToDrain;
        }
        _clockEnable = _cyclesToDrain > 0;
        if (!_clockEnable)
        {
            return;
        }
        _cyclesToDrain--;
        for (int column = 0; column < Columns; column++)
        {
            _deskew[column][0][0] = Bottom(column);
        }
        Weights.TakeTableLine(Control.Current);
        TakeInputs(Control.Current);
        Work();
    }

    /// <inheritdoc/>
    public void Advance()
    {
        Control.Advance();
        if (!_clockEnable)
        {
            return;
        }
        Weights.Advance();
        AdvanceRegisters();
        foreach (ShiftLine<long> line in _deskew)
        {
            line.Advance();
        }
    }

    /// <summary>Empties the array of vectors; operands and sums stay as they are.</summary>
    public void Reset()
    {
        Control.Reset();
        _cyclesToDrain = 0;
        _clockEnable = false;
        ResetControls();
    }

    /// <summary>The register below the last row of a column.</summary>
    private protected abstract long Bottom(int column);

    /// <summary>Drives the first place of every line of registers.</summary>
    private protected abstract void TakeInputs(in ArrayControl control);

    /// <summary>One cycle of all PEs.</summary>
    private protected abstract void Work();

    private protected abstract void AdvanceRegisters();

    private protected abstract void ResetControls();

    private static SystolicArray Of<TProduct>(ArraySurroundings surroundings, TProduct product)
        where TProduct : struct, IProduct =>
        surroundings.Spec.Array.Overflow == OverflowMode.Saturate
            ? Of<TProduct, SaturateOnOverflow>(surroundings, product)
            : Of<TProduct, WrapOnOverflow>(surroundings, product);

    private static SystolicArray Of<TProduct, TOverflow>(ArraySurroundings surroundings, TProduct product)
        where TProduct : struct, IProduct
        where TOverflow : struct, IOverflowMode
    {
        int width = surroundings.Spec.Array.PartialSumWidth;
        return surroundings.Spec.Array.Dataflow switch
        {
            Dataflow.InputStationary => new StationaryOperandArray<SwappedProduct<TProduct>, TOverflow>(surroundings, new(new(product), width)),
            Dataflow.OutputStationary => new StationaryOutputArray<TProduct, TOverflow>(surroundings, new(product, width)),
            _ => new StationaryOperandArray<TProduct, TOverflow>(surroundings, new(product, width)),
        };
    }
}
