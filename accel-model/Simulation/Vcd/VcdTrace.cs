// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using AccelModel.Scheduling;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Simulation.Vcd;

/// <summary>Cycles of the first image that are written down.</summary>
/// <param name="From">The first.</param>
/// <param name="Cycles">How many, or null for all that follow.</param>
public readonly record struct VcdWindow(long From, long? Cycles)
{
    /// <summary>Whether a cycle is one of them.</summary>
    public bool Contains(long cycle) => cycle >= From && (Cycles is not { } cycles || cycle - From < cycles);
}

/// <summary>Writes what the register-accurate model does in the first image as a value change dump: units, semaphores, the memory port, the buffers' writes, the PEs of a corner (docs/waveforms.md).</summary>
public sealed class VcdTrace : IAcceleratorTrace
{
    private const string Root = "accelerator";
    private const int AddressWidth = 32;
    private const int CountWidth = 16;

    /// <summary>Rows and columns of the corner whose PEs are shown.</summary>
    private const int Corner = 4;

    private readonly VcdWriter _writer;
    private readonly VcdWindow _window;
    private readonly int _cycle;
    private readonly UnitSignals[] _units;
    private readonly int[] _semaphores;
    private readonly int _portOwner;
    private readonly int _portBeat;
    private readonly int _accumulatorWord;
    private readonly int _outputWord;
    private readonly int _vector;
    private readonly int _shifts;
    private readonly int _swaps;
    private readonly PeSignals[] _elements;
    private long _last = -1;

    /// <param name="output">Where the dump goes.</param>
    /// <param name="spec">The design.</param>
    /// <param name="window">Which cycles.</param>
    public VcdTrace(TextWriter output, AcceleratorSpec spec, VcdWindow window)
    {
        _writer = new(output);
        _window = window;
        _cycle = _writer.Wire(Root, "cycle", AddressWidth);
        _units = [.. Enum.GetValues<UnitKind>().Select(unit => new UnitSignals(_writer, $"{Root}.{Name(unit)}"))];
        _semaphores = [.. Enum.GetValues<Semaphore>().Select(semaphore => _writer.Wire($"{Root}.semaphores", Name(semaphore), CountWidth))];
        _portOwner = _writer.Text($"{Root}.dma", "owner");
        _portBeat = _writer.Wire($"{Root}.dma", "beat", 1);
        _accumulatorWord = _writer.Wire($"{Root}.accumulator", "written_word", AddressWidth);
        _outputWord = _writer.Wire($"{Root}.output", "written_word", AddressWidth);
        _vector = _writer.Wire($"{Root}.pes", "streams", 1);
        _shifts = _writer.Wire($"{Root}.pes", "shifts", 1);
        _swaps = _writer.Wire($"{Root}.pes", "swaps", 1);
        _elements =
        [
            .. from row in Enumerable.Range(0, Math.Min(spec.Array.Rows, Corner))
               from column in Enumerable.Range(0, Math.Min(spec.Array.Columns, Corner))
               select new PeSignals(_writer, spec.Array, row, column),
        ];
    }

    /// <inheritdoc/>
    public void Observe(in CycleSnapshot cycle)
    {
        if (cycle.Image != 0 || !_window.Contains(cycle.Cycle))
        {
            return;
        }
        _last = cycle.Cycle;
        _writer.At(cycle.Cycle);
        _writer.Set(_cycle, cycle.Cycle);
        _units[(int)UnitKind.Load].Set(cycle.Load);
        _units[(int)UnitKind.Array].Set(cycle.Array);
        _units[(int)UnitKind.Vector].Set(cycle.Vector);
        _units[(int)UnitKind.Store].Set(cycle.Store);
        for (int i = 0; i < _semaphores.Length; i++)
        {
            _writer.Set(_semaphores[i], cycle.Semaphores[i]);
        }
        _writer.Set(_portOwner, cycle.PortOwner is { } owner ? Name(owner) : "-");
        _writer.Set(_portBeat, cycle.PortBeat ? 1 : 0);
        _writer.Set(_accumulatorWord, cycle.AccumulatorWritten);
        _writer.Set(_outputWord, cycle.OutputWritten);
        _writer.Set(_vector, cycle.ArrayInput.Vector != 0 ? 1 : 0);
        _writer.Set(_shifts, cycle.ArrayInput.Shifts ? 1 : 0);
        _writer.Set(_swaps, cycle.ArrayInput.Swaps ? 1 : 0);
        foreach (PeSignals element in _elements)
        {
            element.Set(cycle.Elements);
        }
    }

    /// <summary>Ends the dump after its last cycle.</summary>
    public void End() => _writer.End(_last + 1);

    private static string Name<T>(T value)
        where T : struct, Enum => EnumNames.Of(value);

    /// <summary>One unit.</summary>
    private sealed class UnitSignals(VcdWriter writer, string scope)
    {
        private readonly int _state = writer.Text(scope, "state");
        private readonly int _activity = writer.Text(scope, "activity");
        private readonly int _waitsFor = writer.Text(scope, "waits_for");
        private readonly int _instruction = writer.Wire(scope, "instruction", AddressWidth);

        public void Set(in UnitSnapshot unit)
        {
            writer.Set(_state, Name(unit.State));
            writer.Set(_activity, Name(unit.Kind));
            writer.Set(_waitsFor, unit.BlockedBy is { } semaphore ? Name(semaphore) : "-");
            writer.Set(_instruction, unit.State == UnitState.Idle ? null : unit.Instruction);
        }
    }

    /// <summary>One PE: its operands, lane by lane, and its partial sum.</summary>
    private sealed class PeSignals
    {
        /// <summary>Bits of the widest operand, and its sign.</summary>
        private const int OperandWidth = 18;

        private readonly VcdWriter _writer;
        private readonly int _row;
        private readonly int _column;
        private readonly int _works;
        private readonly int[] _weights;
        private readonly int[] _activations;
        private readonly int _partialSum;

        public PeSignals(VcdWriter writer, ArraySpec array, int row, int column)
        {
            (_writer, _row, _column) = (writer, row, column);
            string scope = FormattableString.Invariant($"{Root}.pes.pe_{row}_{column}");
            _works = writer.Wire(scope, "works", 1);
            _weights = [.. Lanes("weight")];
            _activations = [.. Lanes("activation")];
            _partialSum = writer.Wire(scope, "partial_sum", array.PartialSumWidth);

            IEnumerable<int> Lanes(string name) =>
                Enumerable.Range(0, array.Lanes).Select(lane => writer.Wire(scope, array.Lanes == 1 ? name : FormattableString.Invariant($"{name}_{lane}"), OperandWidth));
        }

        public void Set(SystolicArray array)
        {
            for (int lane = 0; lane < _weights.Length; lane++)
            {
                PeRegisters registers = array.Pe(_row, _column, lane);
                _writer.Set(_works, registers.Works ? 1 : 0);
                _writer.Set(_weights[lane], registers.Weight);
                _writer.Set(_activations[lane], registers.Activation);
                _writer.Set(_partialSum, registers.PartialSum);
            }
        }
    }
}
