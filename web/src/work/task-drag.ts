// What a dragged task is called in a drag's data; its text is the task's id.
export const taskDragType = 'application/x-taylordash-task';
